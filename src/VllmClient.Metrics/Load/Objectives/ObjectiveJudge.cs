using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>Judges the objectives of a plan.</summary>
static class ObjectiveJudge
{
    // Intervals in reports are always of 95 %, whatever the verdict's confidence.
    const double IntervalTail = 0.025;

    /// <summary>Judges one objective.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="turns">The turns that it is about.</param>
    /// <param name="gaps">Their chunk gaps; null without any.</param>
    /// <param name="confidence">The plan's confidence.</param>
    public static ObjectiveResult Judge(Objective objective, IReadOnlyList<TurnRecord> turns, LogHistogram? gaps, double confidence)
    {
        var result = objective switch
        {
            LatencyObjective latency => JudgeLatency(latency, turns, gaps, confidence),
            FailedShareObjective share => JudgeShare(share, turns, confidence),
            _ => throw new ArgumentOutOfRangeException(nameof(objective)),
        };
        result = result with { Objective = objective };
        return result with { Message = ObjectiveText.Of(result, confidence) };
    }

    static ObjectiveResult JudgeLatency(LatencyObjective objective, IReadOnlyList<TurnRecord> turns, LogHistogram? gaps, double confidence)
    {
        var completed = turns.Where(t => t.Outcome == TurnOutcome.Completed).ToList();
        var cutOff = turns.Where(t => t.Outcome == TurnOutcome.CutOff).ToList();
        var sample = objective.Figure == LoadFigure.ChunkGap ? OfGaps(objective, completed, gaps) : OfTurns(objective, completed);
        // Failed and dropped turns miss every limit. A cut-off turn misses one that it had overstepped by then; below it, nobody knows.
        var bad = turns.Count(t => t.Outcome is TurnOutcome.Failed or TurnOutcome.Dropped) + cutOff.Count(t => IsAbove(objective, t));
        var unknown = cutOff.Count(t => !IsAbove(objective, t) && !CutOffFigures.Of(objective.Figure, objective.From, t).IsExact);
        var others = turns.Count - completed.Count - turns.Count(t => t.Outcome == TurnOutcome.Abandoned);
        var tally = new BadTally(sample.Count + others, sample.Above + bad, unknown, sample.Effective + others);
        var hasValue = sample.Count > 0 || completed.Count == 0;
        return Decide(tally, (double)(1 - (decimal)objective.Quantile), confidence, hasValue) with
        {
            Unit = "s",
            Limit = objective.AtMost.TotalSeconds,
            Observed = sample.Quantile?.Value,
            Low = sample.Quantile?.Low,
            High = sample.Quantile?.High,
            Missing = sample.Missing,
            CutOff = cutOff.Count,
            CutOffAtLeast = CutOffFigures.Least(objective.Figure, objective.From, cutOff) is { } least ? TimeSpan.FromTicks(least) : null,
        };
    }

    static ObjectiveResult JudgeShare(FailedShareObjective objective, IReadOnlyList<TurnRecord> turns, double confidence)
    {
        var bad = turns.Count(t => TurnFigures.IsBad(t));
        var count = bad + turns.Count(t => t.Outcome == TurnOutcome.Completed);
        var hung = turns.Where(t => TurnFigures.IsCutByDrain(t)).ToList();
        return Decide(new(count, bad, 0, EffectiveSample.Count(count)), objective.AtMost, confidence, hasValue: true) with
        {
            Unit = "1",
            Limit = objective.AtMost,
            Observed = count == 0 ? null : (double)bad / count,
            Low = count == 0 ? null : Judgement.LowerShare(count, bad, IntervalTail),
            High = count == 0 ? null : Judgement.UpperShare(count, bad, IntervalTail),
            CutOff = hung.Count,
            CutOffAtLeast = CutOffFigures.Least(LoadFigure.Duration, LatencyFrom.Due, hung) is { } least ? TimeSpan.FromTicks(least) : null,
        };
    }

    static FigureSample OfTurns(LatencyObjective objective, List<TurnRecord> completed)
    {
        var values = completed.Select(t => TurnFigures.Of(objective.Figure, objective.From, t)).OfType<long>().Order().ToList();
        var effective = EffectiveSample.Count(values.Count);
        double At(long rank) => (double)values[(int)rank - 1] / TimeSpan.TicksPerSecond;
        return new(values.Count, values.Count(v => v > objective.AtMost.Ticks), effective, completed.Count - values.Count, QuantileOf(objective, values.Count, effective, At));
    }

    static FigureSample OfGaps(LatencyObjective objective, List<TurnRecord> completed, LogHistogram? gaps)
    {
        var count = gaps?.Count ?? 0;
        var above = gaps?.CountAbove(objective.AtMost.TotalNanoseconds) ?? 0;
        // The gaps of one turn resemble each other, so the turns count.
        var effective = Math.Min(count, EffectiveSample.Count(completed.Count));
        double At(long rank) => gaps!.ValueAt(rank) / 1e9;
        return new(count, above, effective, completed.Count(t => t.Chunks is null or < 2), QuantileOf(objective, count, effective, At));
    }

    static Quantile<double>? QuantileOf(LatencyObjective objective, long count, long effective, Func<long, double> at)
    {
        if (!OrderStatistics.IsShown(count, objective.Quantile)) return null;
        var (low, high) = OrderStatistics.Interval(count, effective, objective.Quantile);
        return new() { Value = at(OrderStatistics.Rank(count, objective.Quantile)), Low = low is { } l ? at(l) : null, High = high is { } h ? at(h) : null };
    }

    static ObjectiveResult Decide(in BadTally tally, double badShare, double confidence, bool hasValue)
    {
        var isKnown = hasValue && tally.Count > 0;
        var outcome = isKnown ? OutcomeOf(tally, badShare, confidence) : Verdict.NotEnoughEvidence;
        var needed = isKnown && outcome == Verdict.NotEnoughEvidence ? Judgement.Needed(tally.Bad + tally.Unknown, tally.Count, badShare, confidence) : null;
        return new()
        {
            Count = tally.Count,
            Bad = tally.Bad,
            EffectiveCount = tally.Count == 0 ? null : tally.Effective,
            NeededCount = needed,
            MoreTurns = needed is { } turns ? Math.Max(1, turns - tally.Effective) : null,
            Outcome = outcome,
            NotEnough = outcome != Verdict.NotEnoughEvidence ? null
                : !isKnown ? NotEnoughReason.NoFigure
                : needed is not null ? NotEnoughReason.TooFewTurns
                : tally.Bad < badShare * tally.Count ? NotEnoughReason.CutOff : NotEnoughReason.AtLimit,
        };
    }

    // Whatever is not known counts against the verdict that it would help.
    static Verdict OutcomeOf(in BadTally tally, double badShare, double confidence)
    {
        if (Judgement.IsMet(tally.Effective, tally.Scaled(tally.Bad + tally.Unknown, up: true), badShare, confidence)) return Verdict.Met;
        return Judgement.IsNotMet(tally.Effective, tally.Scaled(tally.Bad, up: false), badShare, confidence) ? Verdict.NotMet : Verdict.NotEnoughEvidence;
    }

    static bool IsAbove(LatencyObjective objective, in TurnRecord cutOff) =>
        CutOffFigures.Of(objective.Figure, objective.From, cutOff).AtLeast > objective.AtMost.Ticks;

    /// <summary>The values of completed turns: how many, how many above the limit, and what quantile they show.</summary>
    readonly record struct FigureSample(long Count, long Above, long Effective, long Missing, Quantile<double>? Quantile);

    /// <summary>Everything judged, how much of it is bad, how much may be, and how many independent turns it is worth.</summary>
    readonly record struct BadTally(long Count, long Bad, long Unknown, long Effective)
    {
        public long Scaled(long bad, bool up) => (long)((((Int128)bad * Effective) + (up ? Count - 1 : 0)) / Count);
    }
}

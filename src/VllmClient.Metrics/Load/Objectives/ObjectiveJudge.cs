using System.Globalization;
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
        var completed = turns.Where(t => t.Outcome == TurnOutcome.Completed).ToList();
        long bad = turns.Count(t => t.Outcome is TurnOutcome.Failed or TurnOutcome.Dropped);
        var result = objective switch
        {
            LatencyObjective { Figure: LoadFigure.ChunkGap } latency => JudgeGaps(latency, completed, bad, gaps, confidence),
            LatencyObjective latency => JudgeLatency(latency, completed, bad, confidence),
            FailedShareObjective share => JudgeShare(share, completed.Count, bad, confidence),
            _ => throw new ArgumentOutOfRangeException(nameof(objective)),
        };
        return result with { Objective = objective, Message = $"{ObjectiveText.Of(objective)}: {result.Message}" };
    }

    static ObjectiveResult JudgeLatency(LatencyObjective objective, List<TurnRecord> completed, long bad, double confidence)
    {
        var values = completed.Select(t => ValueOf(objective, t)).OfType<long>().ToList();
        var above = values.Count(v => v > objective.AtMost.Ticks);
        var distribution = values.Count == 0 ? null : Distributions.OfTicks(values, completed.Count - values.Count);
        var quantile = distribution is null || !OrderStatistics.IsShown(values.Count, objective.Quantile) ? null : Exact(values, objective.Quantile);
        var hasValue = values.Count > 0 || completed.Count == 0;
        return Decide(values.Count + bad, above + bad, EffectiveSample.Count(values.Count + bad), objective, quantile, completed.Count - values.Count, hasValue, confidence);
    }

    static ObjectiveResult JudgeGaps(LatencyObjective objective, List<TurnRecord> completed, long bad, LogHistogram? gaps, double confidence)
    {
        var count = gaps?.Count ?? 0;
        var above = gaps?.CountAbove(objective.AtMost.TotalNanoseconds) ?? 0;
        var effective = Math.Min(count, EffectiveSample.Count(completed.Count));
        Quantile? quantile = null;
        if (gaps is not null && OrderStatistics.IsShown(count, objective.Quantile))
        {
            var (low, high) = OrderStatistics.Interval(count, effective, objective.Quantile);
            double At(long rank) => gaps.ValueAt(rank) / 1e9;
            quantile = new(At(OrderStatistics.Rank(count, objective.Quantile)), low is { } l ? At(l) : null, high is { } h ? At(h) : null);
        }

        var hasValue = count > 0 || completed.Count == 0;
        return Decide(count + bad, above + bad, effective + bad, objective, quantile, completed.Count(t => t.Chunks is null or < 2), hasValue, confidence);
    }

    static ObjectiveResult JudgeShare(FailedShareObjective objective, long completed, long bad, double confidence)
    {
        var count = completed + bad;
        var outcome = Outcome(count, bad, EffectiveSample.Count(count), objective.AtMost, confidence);
        var needed = outcome == Verdict.NotEnoughEvidence && count > 0 ? Judgement.Needed(bad, count, objective.AtMost, confidence) : null;
        var upper = count == 0 ? 1 : Judgement.UpperShare(count, bad, 1 - confidence);
        return new()
        {
            Unit = "1",
            Limit = objective.AtMost,
            Observed = count == 0 ? null : (double)bad / count,
            Low = count == 0 ? null : Judgement.LowerShare(count, bad, IntervalTail),
            High = count == 0 ? null : Judgement.UpperShare(count, bad, IntervalTail),
            Count = count,
            EffectiveCount = count == 0 ? null : EffectiveSample.Count(count),
            NeededCount = needed,
            Outcome = outcome,
            Message = count == 0
                ? "no turn to judge"
                : string.Create(CultureInfo.InvariantCulture, $"{bad:#,0} of {count:#,0}, at most {ObjectiveText.Share(upper)} at {ObjectiveText.Share(confidence)}{More(needed, count)}"),
        };
    }

    static ObjectiveResult Decide(long count, long bad, long effective, LatencyObjective objective, Quantile? quantile, long missing, bool hasValue, double confidence)
    {
        var badShare = (double)(1 - (decimal)objective.Quantile);
        var outcome = hasValue ? Outcome(count, bad, effective, badShare, confidence) : Verdict.NotEnoughEvidence;
        var needed = outcome == Verdict.NotEnoughEvidence && hasValue && count > 0 ? Judgement.Needed(bad, count, badShare, confidence) : null;
        return new()
        {
            Unit = "s",
            Limit = objective.AtMost.TotalSeconds,
            Observed = quantile?.Value,
            Low = quantile?.Low,
            High = quantile?.High,
            Count = count,
            EffectiveCount = count == 0 ? null : effective,
            Missing = missing,
            NeededCount = needed,
            Outcome = outcome,
            Message = hasValue && count > 0 ? Words(quantile, count, bad, needed) : "no turn has this figure",
        };
    }

    static Verdict Outcome(long count, long bad, long effective, double badShare, double confidence)
    {
        if (count == 0) return Verdict.NotEnoughEvidence;
        var scaledUp = (long)(((Int128)bad * effective + count - 1) / count);
        var scaledDown = (long)((Int128)bad * effective / count);
        if (Judgement.IsMet(effective, scaledUp, badShare, confidence)) return Verdict.Met;
        return Judgement.IsNotMet(effective, scaledDown, badShare, confidence) ? Verdict.NotMet : Verdict.NotEnoughEvidence;
    }

    static string Words(Quantile? quantile, long count, long bad, long? needed)
    {
        var observed = quantile is null
            ? "too few turns to show it"
            : $"{ObjectiveText.Time(quantile.Value)} [{End(quantile.Low)}, {End(quantile.High)}]";
        return string.Create(CultureInfo.InvariantCulture, $"{observed}, {bad:#,0} of {count:#,0} above it or failed{More(needed, count)}");
    }

    static string End(double? value) => value is { } seconds ? ObjectiveText.Milliseconds(seconds) : "-";

    static string More(long? needed, long count) => needed > count
        ? string.Create(CultureInfo.InvariantCulture, $"; {needed - count:#,0} more turns needed")
        : "";

    static Quantile Exact(List<long> sorted, double p)
    {
        var (low, high) = OrderStatistics.Interval(sorted.Count, EffectiveSample.Count(sorted.Count), p);
        double At(long rank) => (double)sorted[(int)rank - 1] / TimeSpan.TicksPerSecond;
        return new(At(OrderStatistics.Rank(sorted.Count, p)), low is { } l ? At(l) : null, high is { } h ? At(h) : null);
    }

    static long? ValueOf(LatencyObjective objective, in TurnRecord turn) => (objective.Figure, objective.From) switch
    {
        (LoadFigure.TimeToFirstToken, LatencyFrom.Due) => TurnFigures.TimeToFirstTokenFromDue(turn),
        (LoadFigure.TimeToFirstToken, _) => TurnFigures.TimeToFirstToken(turn),
        (LoadFigure.Duration, LatencyFrom.Due) => TurnFigures.DurationFromDue(turn),
        (LoadFigure.Duration, _) => TurnFigures.Duration(turn),
        (LoadFigure.TimePerOutputToken, _) => TurnFigures.TimePerOutputToken(turn),
        _ => TurnFigures.LongestGap(turn),
    };
}

using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>Makes the figures of a phase, or of all measured phases together.</summary>
static class PhaseFigures
{
    /// <summary>The figures of one phase.</summary>
    /// <remarks>Its rates and concurrency are those of its time, whichever phase a turn belongs to, the warm-up included: that is what the server had to do then.</remarks>
    public static PhaseReport Of(PhaseFacts phase, RunFacts facts)
    {
        var seconds = (phase.End - phase.Start) / (double)TimeSpan.TicksPerSecond;
        var (start, end) = (phase.Start, phase.End);
        return WithWindow(Base(facts.TurnsOf(phase), facts.GapsOf([phase]), facts.IsReal), start, end, facts, OfferedTime.Of(phase, facts)) with
        {
            Name = phase.Name,
            Target = phase.Target,
            Offered = phase.Offered,
            CompletedPerSecond = Rate(WindowFigures.Completed(facts.Turns, start, end), seconds),
            OutputTokensPerSecond = Rate(WindowFigures.Tokens(facts.Turns, start, end, withInput: false), seconds),
            TotalTokensPerSecond = Rate(WindowFigures.Tokens(facts.Turns, start, end, withInput: true), seconds),
        };
    }

    /// <summary>The figures of all measured phases, from the first begin to the last end of a turn; sums and rates are those of the measured turns alone.</summary>
    public static PhaseReport Total(RunFacts facts)
    {
        var phases = facts.MeasuredPhases;
        var turns = facts.Measured;
        var start = turns.Min(t => t.Begun) ?? 0;
        var end = turns.Max(t => t.Ended) ?? start;
        var seconds = (end - start) / (double)TimeSpan.TicksPerSecond;
        var offered = phases.Aggregate(default(OfferedTime), (sum, phase) => sum + OfferedTime.Of(phase, facts));
        var report = WithWindow(Base(turns, facts.GapsOf(phases), facts.IsReal), start, end, facts, offered);
        return report with
        {
            Name = PhaseNames.Total,
            Target = phases is [var only] ? only.Target : null,
            Offered = phases.Sum(p => p.Offered),
            CompletedPerSecond = Rate(report.Completed, seconds),
            OutputTokensPerSecond = Rate((double?)report.OutputTokens, seconds),
            TotalTokensPerSecond = Rate((double?)(report.OutputTokens + (report.InputTokens ?? 0)), seconds),
        };
    }

    static PhaseReport WithWindow(PhaseReport report, long start, long end, RunFacts facts, OfferedTime offered) => report with
    {
        Start = TimeSpan.FromTicks(start),
        Elapsed = TimeSpan.FromTicks(end - start),
        OfferedFor = TimeSpan.FromTicks(offered.Ticks),
        OfferedPerSecond = offered.PerSecond,
        MeanInFlight = WindowFigures.MeanInFlight(facts.Turns, start, end),
        PeakInFlight = WindowFigures.PeakInFlight(facts.Turns, start, end),
        PeakBacklog = WindowFigures.PeakBacklog([.. facts.Turns, .. facts.LeftOver], start, end),
    };

    static PhaseReport Base(IReadOnlyList<TurnRecord> turns, LogHistogram? gaps, bool isReal)
    {
        var completed = turns.Where(t => t.Outcome == TurnOutcome.Completed).ToList();
        var failed = turns.Where(t => t.Outcome == TurnOutcome.Failed).ToList();
        var cutOff = turns.Where(t => t.Outcome == TurnOutcome.CutOff).ToList();
        var dropped = turns.Count(t => t.Outcome == TurnOutcome.Dropped);
        long bad = turns.Count(t => TurnFigures.IsBad(t));
        var judged = completed.Count + bad;
        Distribution<TimeSpan>? Latency(LoadFigure figure, LatencyFrom from = LatencyFrom.Sent) => WithCutOff(Times(completed, t => TurnFigures.Of(figure, from, t)), figure, from, cutOff);
        var chunkGap = gaps is null || gaps.Count == 0 ? null : Distributions.OfNanoseconds(gaps, completed.Count(t => t.Chunks is null or < 2), EffectiveSample.Count(completed.Count));
        return new()
        {
            Started = turns.Count - dropped,
            Completed = completed.Count,
            Failed = failed.Count,
            Abandoned = turns.Count(t => t.Outcome == TurnOutcome.Abandoned),
            CutOff = cutOff.Count,
            CutOffAtLeast = Time(CutOffFigures.Least(LoadFigure.Duration, LatencyFrom.Due, cutOff)),
            Dropped = dropped,
            FailedShare = judged == 0 ? null : (double)bad / judged,
            InputTokens = Sum(completed, t => t.InputTokens),
            OutputTokens = Sum(completed, t => t.OutputTokens),
            CachedTokens = Sum(completed, t => t.CachedTokens),
            TimeToFirstToken = Latency(LoadFigure.TimeToFirstToken),
            TimePerOutputToken = Latency(LoadFigure.TimePerOutputToken),
            ChunkGap = WithCutOff(chunkGap, LoadFigure.ChunkGap, LatencyFrom.Sent, cutOff),
            LongestGap = Latency(LoadFigure.LongestGap),
            Duration = Latency(LoadFigure.Duration),
            TimeToFirstTokenFromDue = Latency(LoadFigure.TimeToFirstToken, LatencyFrom.Due),
            DurationFromDue = Latency(LoadFigure.Duration, LatencyFrom.Due),
            FailedDuration = Times(failed, t => TurnFigures.FailedDuration(t)),
            DispatchDelay = isReal ? Times([.. turns.Where(t => t.Begun is not null)], t => TurnFigures.DispatchDelay(t)) : null,
            InputLength = Lengths(completed, t => t.InputTokens),
            OutputLength = Lengths(completed, t => t.OutputTokens),
        };
    }

    // Every quantile says how many turns are not in it that could have moved it, and how large their values are at least.
    static Distribution<TimeSpan>? WithCutOff(Distribution<TimeSpan>? figure, LoadFigure kind, LatencyFrom from, List<TurnRecord> cutOff) => figure is null ? null
        : figure with { CutOff = cutOff.Count, CutOffAtLeast = Time(CutOffFigures.Least(kind, from, cutOff)) };

    static TimeSpan? Time(long? ticks) => ticks is { } known ? TimeSpan.FromTicks(known) : null;

    /// <summary>The distribution of a time over turns; null if none of them has it.</summary>
    public static Distribution<TimeSpan>? Times(IReadOnlyList<TurnRecord> turns, Func<TurnRecord, long?> figure)
    {
        var values = turns.Select(figure).OfType<long>().ToList();
        return values.Count == 0 ? null : Distributions.OfTicks(values, turns.Count - values.Count);
    }

    static Distribution<double>? Lengths(List<TurnRecord> turns, Func<TurnRecord, int?> figure)
    {
        var values = turns.Select(figure).OfType<int>().Select(n => (long)n).ToList();
        return values.Count == 0 ? null : Distributions.OfCounts(values, turns.Count - values.Count);
    }

    static long? Sum(List<TurnRecord> turns, Func<TurnRecord, int?> count)
    {
        var known = turns.Select(count).OfType<int>().ToList();
        return known.Count == 0 ? null : known.Sum(n => (long)n);
    }

    static double Rate(double amount, double seconds) => seconds > 0 ? amount / seconds : 0;

    static double? Rate(double? amount, double seconds) => seconds > 0 ? amount / seconds : null;
}

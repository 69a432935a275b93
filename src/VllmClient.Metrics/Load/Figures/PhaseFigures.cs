using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>Makes the figures of a phase, or of all measured phases together.</summary>
static class PhaseFigures
{
    /// <summary>The figures of one phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="own">The turns due in it.</param>
    /// <param name="window">The turns that may be seen in its time: its own and those of the other measured phases.</param>
    /// <param name="gaps">The chunk gaps of its completed turns; null without any.</param>
    public static PhaseReport Of(PhaseFacts phase, IReadOnlyList<TurnRecord> own, IReadOnlyList<TurnRecord> window, LogHistogram? gaps)
    {
        var seconds = (phase.End - phase.Start) / (double)TimeSpan.TicksPerSecond;
        return WithWindow(Base(own, gaps), phase, window) with
        {
            Name = phase.Name,
            Target = phase.Target,
            Offered = phase.Offered,
            OfferedPerSecond = Rate(phase.Offered, seconds),
            CompletedPerSecond = Rate(WindowFigures.Completed(window, phase.Start, phase.End), seconds),
            OutputTokensPerSecond = Rate(WindowFigures.Tokens(window, phase.Start, phase.End, withInput: false), seconds),
            TotalTokensPerSecond = Rate(WindowFigures.Tokens(window, phase.Start, phase.End, withInput: true), seconds),
        };
    }

    /// <summary>The figures of all measured phases, from the first begin to the last end of a turn.</summary>
    public static PhaseReport Total(IReadOnlyList<TurnRecord> turns, long offered, double? target, LogHistogram? gaps)
    {
        var start = turns.Min(t => t.Begun) ?? 0;
        var end = turns.Max(t => t.Ended) ?? start;
        var total = new PhaseFacts { Index = 0, Name = PhaseNames.Total, Target = target, Start = start, End = end, Offered = offered };
        var seconds = (end - start) / (double)TimeSpan.TicksPerSecond;
        var report = WithWindow(Base(turns, gaps), total, turns);
        return report with
        {
            Name = total.Name,
            Target = target,
            Offered = offered,
            OfferedPerSecond = Rate(offered, seconds),
            CompletedPerSecond = Rate(report.Completed, seconds),
            OutputTokensPerSecond = Rate((double?)report.OutputTokens, seconds),
            TotalTokensPerSecond = Rate((double?)(report.OutputTokens + (report.InputTokens ?? 0)), seconds),
        };
    }

    static PhaseReport WithWindow(PhaseReport report, PhaseFacts phase, IReadOnlyList<TurnRecord> window) => report with
    {
        Start = TimeSpan.FromTicks(phase.Start),
        Elapsed = TimeSpan.FromTicks(phase.End - phase.Start),
        MeanInFlight = WindowFigures.MeanInFlight(window, phase.Start, phase.End),
        PeakInFlight = WindowFigures.PeakInFlight(window, phase.Start, phase.End),
        PeakBacklog = WindowFigures.PeakBacklog(window, phase.Start, phase.End),
    };

    static PhaseReport Base(IReadOnlyList<TurnRecord> turns, LogHistogram? gaps)
    {
        var completed = turns.Where(t => t.Outcome == TurnOutcome.Completed).ToList();
        var failed = turns.Where(t => t.Outcome == TurnOutcome.Failed).ToList();
        var dropped = turns.Count(t => t.Outcome == TurnOutcome.Dropped);
        long judged = completed.Count + failed.Count + dropped;
        return new()
        {
            Started = turns.Count - dropped,
            Completed = completed.Count,
            Failed = failed.Count,
            Abandoned = turns.Count(t => t.Outcome == TurnOutcome.Abandoned),
            CutOff = turns.Count(t => t.Outcome == TurnOutcome.CutOff),
            Dropped = dropped,
            FailedShare = judged == 0 ? null : (double)(failed.Count + dropped) / judged,
            InputTokens = Sum(completed, t => t.InputTokens),
            OutputTokens = Sum(completed, t => t.OutputTokens),
            CachedTokens = Sum(completed, t => t.CachedTokens),
            TimeToFirstToken = Times(completed, t => TurnFigures.TimeToFirstToken(t)),
            TimePerOutputToken = Times(completed, t => TurnFigures.TimePerOutputToken(t)),
            ChunkGap = gaps is null || gaps.Count == 0 ? null : Distributions.OfNanoseconds(gaps, completed.Count(t => t.Chunks is null or < 2), EffectiveSample.Count(completed.Count)),
            LongestGap = Times(completed, t => TurnFigures.LongestGap(t)),
            Duration = Times(completed, t => TurnFigures.Duration(t)),
            TimeToFirstTokenFromDue = Times(completed, t => TurnFigures.TimeToFirstTokenFromDue(t)),
            DurationFromDue = Times(completed, t => TurnFigures.DurationFromDue(t)),
            FailedDuration = Times(failed, t => TurnFigures.FailedDuration(t)),
            DispatchDelay = Times([.. turns.Where(t => t.Begun is not null)], t => TurnFigures.DispatchDelay(t)),
            InputLength = Lengths(completed, t => t.InputTokens),
            OutputLength = Lengths(completed, t => t.OutputTokens),
        };
    }

    /// <summary>The distribution of a time over turns; null if none of them has it.</summary>
    public static Distribution? Times(IReadOnlyList<TurnRecord> turns, Func<TurnRecord, long?> figure)
    {
        var values = turns.Select(figure).OfType<long>().ToList();
        return values.Count == 0 ? null : Distributions.OfTicks(values, turns.Count - values.Count);
    }

    static Distribution? Lengths(List<TurnRecord> turns, Func<TurnRecord, int?> figure)
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

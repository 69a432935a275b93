using System.Globalization;
using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>Finds the reasons for which a run says nothing about the server.</summary>
static class Validity
{
    const string LeftClock = "The work left the virtual clock: something in it went on on another thread, as after Task.Delay, a timer or input and output on real time, so its times mean nothing. Give it the run's TimeProvider, or run it on real time.";

    static readonly long LeastLimit = TimeSpan.FromMilliseconds(10).Ticks;

    /// <summary>A sentence per reason: figure, limit, cause; empty if the run is valid.</summary>
    /// <param name="facts">The run.</param>
    /// <param name="turns">The measured turns.</param>
    /// <param name="checks">The run's checks of itself.</param>
    public static IReadOnlyList<string> Reasons(RunFacts facts, IReadOnlyList<TurnRecord> turns, IReadOnlyList<CheckResult> checks)
    {
        var reasons = new List<string>();
        if (!turns.Any(t => t.Outcome is TurnOutcome.Completed or TurnOutcome.Failed)) reasons.Add(NoneEnded([.. turns.Where(t => t.Outcome == TurnOutcome.CutOff)]));
        if (facts.Health.Deterministic == false) reasons.Add(LeftClock);
        reasons.AddRange(checks.Where(c => c is { Name: RunChecks.Sum, Passed: false }).Select(c => c.Message));
        if (facts.IsReal)
        {
            var limit = Limit(turns);
            Add(reasons, turns.Select(t => TurnFigures.DispatchDelay(t)), limit, "Turns began late", "the load generator could not keep up: its machine is busy, or the work blocks its thread");
            Add(reasons, turns.Select(t => TurnFigures.SendDelay(t)), limit, "Requests left late", "the client held them back: its machine is busy, or a concurrency gate of its own is in the way");
        }

        return reasons;
    }

    static string NoneEnded(List<TurnRecord> cutOff) => cutOff.Count == 0 ? "No turn ended, so there is nothing to judge."
        : $"No turn ended, so there is nothing to judge: {CutOffText.Count(cutOff)}.";

    static void Add(List<string> reasons, IEnumerable<long?> delays, long limit, string what, string cause)
    {
        var values = delays.OfType<long>().Order().ToArray();
        if (StandIn(values.Length) is not { } p || OrderStatistics.Quantile(values, p) is var delay && delay <= limit) return;
        reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {ObjectiveText.QuantileName(p)} of the delay is {Time(delay)}, the limit {Time(limit)}; {cause}."));
    }

    // Below 500 values one hiccup would be the p99; the highest quantile that the sample supports stands in.
    static double? StandIn(int count)
    {
        foreach (var p in (ReadOnlySpan<double>)[0.99, 0.95, 0.9, 0.5])
        {
            if (OrderStatistics.IsShown(count, p)) return p;
        }

        return null;
    }

    static long Limit(IReadOnlyList<TurnRecord> turns)
    {
        var first = turns.Where(t => t.Outcome == TurnOutcome.Completed).Select(t => TurnFigures.TimeToFirstToken(t)).OfType<long>().Order().ToArray();
        return first.Length == 0 ? LeastLimit : Math.Max(LeastLimit, OrderStatistics.Quantile(first, 0.5) / 20);
    }

    static string Time(long ticks) => ObjectiveText.Time((double)ticks / TimeSpan.TicksPerSecond);
}

namespace Vllm.Resources;

/// <summary>Energy of GPUs over a window. Pure.</summary>
static class EnergyMath
{
    const double ShortestSeconds = 10;
    const double LeastCovered = 0.9;

    /// <summary>Energy of all GPUs of a target; null if it has none.</summary>
    public static EnergySummary? Of(IEnumerable<TargetSample> samples, Window window, double? tokens, TokenCountSource? from)
    {
        var gpus = SummaryBuilder.GpuReadings(samples);
        if (gpus.Count == 0) return null;
        var (joules, covered, byCounter) = (0.0, 1.0, 0);
        foreach (var gpu in gpus)
        {
            var (used, share, counted) = Gpu(gpu, window);
            joules += used;
            covered = Math.Min(covered, share);
            if (counted) byCounter++;
        }

        var reason = Problem(gpus, window, covered);
        var method = byCounter == gpus.Count ? EnergyMethod.Counter : byCounter == 0 ? EnergyMethod.Integrated : EnergyMethod.Mixed;
        var summary = new EnergySummary { WindowSeconds = window.Seconds, CoveredShare = covered, Reason = reason, TokensFrom = from };
        if (reason is not null) return summary;
        summary = summary with { Joules = joules, Method = method };
        return tokens is > 0 && joules > 0
            ? summary with { JoulesPerOutputToken = joules / tokens, TokensPerJoule = tokens / joules }
            : summary with { Reason = tokens is > 0 ? "the GPUs used no energy" : tokens is null ? "nobody counted output tokens" : "no output tokens" };
    }

    static string? Problem(List<List<GpuSample>> gpus, Window window, double covered)
    {
        if (window.Seconds < ShortestSeconds) return FormattableString.Invariant($"the window of {window.Seconds:0.#} s is shorter than 10 s");
        if (gpus.Exists(gpu => gpu.Exists(reading => reading.IsMig == true))) return "a GPU is partitioned (MIG), and its parts share one meter";
        return covered < LeastCovered ? FormattableString.Invariant($"readings cover only {covered * 100:0} % of the window") : null;
    }

    // A counter misses nothing between two readings; power is only known at them.
    static (double Joules, double Share, bool IsCounted) Gpu(List<GpuSample> gpu, Window window)
    {
        var counter = Stretches.Counter(gpu.ConvertAll(reading => new Reading(reading.Timestamp, reading.EnergyJoules)), window);
        if (counter.CoveredSeconds > 0) return (counter.Sum, counter.CoveredSeconds / window.Seconds, true);
        var power = Stretches.Gauge(gpu.ConvertAll(reading => new Reading(reading.Timestamp, reading.PowerWatts)), window);
        return (power.Sum, power.CoveredSeconds / window.Seconds, false);
    }
}

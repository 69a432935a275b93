namespace Vllm.Resources;

/// <summary>Where a part came from, and when.</summary>
/// <param name="Source">Name of the source; null: what the part says already.</param>
/// <param name="Stamp">The reading's stamp.</param>
readonly record struct PartOrigin(string? Source, long Stamp);

/// <summary>Makes rates of two readings. Pure: a counter that fell, or a restart between the two, gives no rate.</summary>
static class Rates
{
    /// <summary>Growth per second; null if the counter fell or anything is missing.</summary>
    public static double? PerSecond(double? before, double? after, double seconds) =>
        seconds > 0 && after - before is >= 0 and var growth ? growth / seconds : null;

    public static double? PerSecond(TimeSpan? before, TimeSpan? after, double seconds) => PerSecond(before?.TotalSeconds, after?.TotalSeconds, seconds);

    /// <summary>Growth of a part by growth of the whole; null if either fell or the whole stood still.</summary>
    public static double? Share(double? partBefore, double? part, double? wholeBefore, double? whole) =>
        part - partBefore is >= 0 and var some && whole - wholeBefore is > 0 and var all ? Math.Min(1, some / all) : null;

    static double? Share(TimeSpan? partBefore, TimeSpan? part, TimeSpan? wholeBefore, TimeSpan? whole) => Share(partBefore?.Ticks, part?.Ticks, wholeBefore?.Ticks, whole?.Ticks);

    public static ProcessSample Of(ProcessSample? before, ProcessSample now, double seconds, int processors, PartOrigin origin = default)
    {
        if (before is null) return now with { Source = origin.Source ?? now.Source, Timestamp = origin.Stamp };
        var cores = PerSecond(before.CpuTime, now.CpuTime, seconds);
        return now with
        {
            Source = origin.Source ?? now.Source,
            Timestamp = origin.Stamp,
            CpuCores = cores,
            CpuUtilization = cores / processors,
            AllocatedBytesPerSecond = PerSecond(before.AllocatedBytes, now.AllocatedBytes, seconds),
            GcPauseShare = PerSecond(before.GcPauseTime, now.GcPauseTime, seconds),
        };
    }

    public static MachineSample Of(MachineSample? before, MachineSample now, double seconds, PartOrigin origin = default)
    {
        if (before is null || Differ(before.BootSeconds, now.BootSeconds)) return now with { Source = origin.Source ?? now.Source, Timestamp = origin.Stamp };
        return now with
        {
            Source = origin.Source ?? now.Source,
            Timestamp = origin.Stamp,
            CpuUtilization = Share(before.CpuBusyTime, now.CpuBusyTime, before.CpuTotalTime, now.CpuTotalTime),
            StealShare = Share(before.CpuStealTime, now.CpuStealTime, before.CpuTotalTime, now.CpuTotalTime),
            CpuPressureShare = PerSecond(before.CpuPressureTime, now.CpuPressureTime, seconds),
            MemoryPressureShare = PerSecond(before.MemoryPressureTime, now.MemoryPressureTime, seconds),
            IoPressureShare = PerSecond(before.IoPressureTime, now.IoPressureTime, seconds),
            NetworkReceivedBytesPerSecond = PerSecond(before.NetworkReceivedBytes, now.NetworkReceivedBytes, seconds),
            NetworkSentBytesPerSecond = PerSecond(before.NetworkSentBytes, now.NetworkSentBytes, seconds),
        };
    }

    public static ContainerSample Of(ContainerSample? before, ContainerSample now, double seconds, PartOrigin origin = default) => now with
    {
        Source = origin.Source ?? now.Source,
        Timestamp = origin.Stamp,
        CpuCores = PerSecond(before?.CpuTime, now.CpuTime, seconds),
        ThrottledShare = Share(before?.ThrottledPeriods, now.ThrottledPeriods, before?.CpuPeriods, now.CpuPeriods),
    };

    public static ServerSample Of(ServerSample? before, ServerSample now, double seconds)
    {
        if (before is null) return now;
        if (IsRestart(before, now)) return now with { Restarts = before.Restarts + 1 };
        return now with
        {
            Restarts = before.Restarts,
            PromptTokensPerSecond = PerSecond(before.PromptTokens, now.PromptTokens, seconds),
            GenerationTokensPerSecond = PerSecond(before.GenerationTokens, now.GenerationTokens, seconds),
            PrefixCacheHitShare = Share(before.PrefixCacheHits, now.PrefixCacheHits, before.PrefixCacheQueries, now.PrefixCacheQueries),
            ApiProcess = now.ApiProcess is null ? null : now.ApiProcess with { CpuCores = PerSecond(before.ApiProcess?.CpuTime, now.ApiProcess.CpuTime, seconds) },
        };
    }

    /// <summary>Whether the server began anew between two readings.</summary>
    public static bool IsRestart(ServerSample before, ServerSample now) =>
        Differ(before.ApiProcess?.StartSeconds, now.ApiProcess?.StartSeconds)
        || Differ(before.CreatedSeconds, now.CreatedSeconds)
        || now.PromptTokens < before.PromptTokens
        || now.GenerationTokens < before.GenerationTokens
        || now.Preemptions < before.Preemptions
        || now.TimeToFirstToken?.Count < before.TimeToFirstToken?.Count
        || now.EndToEnd?.Count < before.EndToEnd?.Count;

    // Pages print such moments with the digits of a double; half a second is no restart.
    static bool Differ(double? before, double? now) => Math.Abs((now - before) ?? 0) > 0.5;
}

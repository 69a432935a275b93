namespace Vllm.Resources;

/// <summary>A gauge or rate: where it stands in a target's sample, and the counter behind it.</summary>
/// <param name="Key">Its key, ending in the unit.</param>
/// <param name="Part">The part that it is of.</param>
/// <param name="Value">Its reading.</param>
/// <param name="Counter">The counter whose growth gives the mean; null: a gauge.</param>
/// <param name="Whole">The counter that the rate is a share of; null: time.</param>
sealed record FigureSpec(string Key, Func<TargetSample, ResourcePart?> Part, Func<ResourcePart, double?> Value, Func<ResourcePart, double?>? Counter = null, Func<ResourcePart, double?>? Whole = null);

/// <summary>All figures of a target, as data.</summary>
static class FigureTable
{
    public static IReadOnlyList<FigureSpec> Figures { get; } =
    [
        Process("cpuCores", p => p.CpuCores, p => p.CpuTime?.TotalSeconds),
        Process("cpuShare", p => p.CpuUtilization, p => p.CpuTime?.TotalSeconds / Environment.ProcessorCount),
        Process("workingSetBytes", p => p.WorkingSetBytes),
        Process("gcHeapBytes", p => p.GcHeapBytes),
        Process("allocatedBytesPerSecond", p => p.AllocatedBytesPerSecond, p => p.AllocatedBytes),
        Process("gcPauseShare", p => p.GcPauseShare, p => p.GcPauseTime?.TotalSeconds),
        Process("threadPoolThreads", p => p.ThreadPoolThreads),
        Process("threadPoolQueueLength", p => p.ThreadPoolQueueLength),
        Machine("logicalCpus", m => m.LogicalCpus),
        Machine("cpuShare", m => m.CpuUtilization, m => m.CpuBusyTime?.TotalSeconds, m => m.CpuTotalTime?.TotalSeconds),
        Machine("stealShare", m => m.StealShare, m => m.CpuStealTime?.TotalSeconds, m => m.CpuTotalTime?.TotalSeconds),
        Machine("memoryUsedBytes", m => m.MemoryUsedBytes),
        Machine("memoryTotalBytes", m => m.MemoryTotalBytes),
        Machine("load1", m => m.Load1),
        Machine("runnableThreads", m => m.RunnableThreads),
        Machine("cpuPressureShare", m => m.CpuPressureShare, m => m.CpuPressureTime?.TotalSeconds),
        Machine("memoryPressureShare", m => m.MemoryPressureShare, m => m.MemoryPressureTime?.TotalSeconds),
        Machine("ioPressureShare", m => m.IoPressureShare, m => m.IoPressureTime?.TotalSeconds),
        Machine("networkReceivedBytesPerSecond", m => m.NetworkReceivedBytesPerSecond, m => m.NetworkReceivedBytes),
        Machine("networkSentBytesPerSecond", m => m.NetworkSentBytesPerSecond, m => m.NetworkSentBytes),
        Container("cpuCores", c => c.CpuCores, c => c.CpuTime?.TotalSeconds),
        Container("cpuLimitCores", c => c.CpuLimitCores),
        Container("throttledShare", c => c.ThrottledShare, c => c.ThrottledPeriods, c => c.CpuPeriods),
        Container("memoryBytes", c => c.MemoryBytes),
        Container("memoryLimitBytes", c => c.MemoryLimitBytes),
        Server("running", s => s.Running),
        Server("waiting", s => s.Waiting),
        Server("kvCacheShare", s => s.KvCacheUtilization),
        Server("promptTokensPerSecond", s => s.PromptTokensPerSecond, s => s.PromptTokens),
        Server("generationTokensPerSecond", s => s.GenerationTokensPerSecond, s => s.GenerationTokens),
        Server("prefixCacheHitShare", s => s.PrefixCacheHitShare, s => s.PrefixCacheHits, s => s.PrefixCacheQueries),
        Server("apiProcessCpuCores", s => s.ApiProcess?.CpuCores, s => s.ApiProcess?.CpuTime?.TotalSeconds),
        Server("apiProcessWorkingSetBytes", s => s.ApiProcess?.WorkingSetBytes),
    ];

    public static IReadOnlyList<FigureSpec> Totals { get; } =
    [
        Process("cpuSeconds", p => p.CpuTime?.TotalSeconds),
        Process("allocatedBytes", p => p.AllocatedBytes),
        Process("gcPauseSeconds", p => p.GcPauseTime?.TotalSeconds),
        Process("gcCollections2", p => p.GcCollections?.Generation2),
        Process("lockContentions", p => p.LockContentions),
        Machine("networkReceivedBytes", m => m.NetworkReceivedBytes),
        Machine("networkSentBytes", m => m.NetworkSentBytes),
        Container("cpuSeconds", c => c.CpuTime?.TotalSeconds),
        Container("throttledSeconds", c => c.ThrottledTime?.TotalSeconds),
        Server("promptTokens", s => s.PromptTokens),
        Server("generationTokens", s => s.GenerationTokens),
        Server("cachedPromptTokens", s => s.CachedPromptTokens),
        Server("preemptions", s => s.Preemptions),
        Server("rejected", s => s.Rejected),
    ];

    public static IReadOnlyList<(string Key, Func<GpuSample, double?> Value)> Gpu { get; } =
    [
        ("gpu.utilizationShare", g => g.Utilization),
        ("gpu.memoryUsedBytes", g => g.MemoryUsedBytes),
        ("gpu.memoryTotalBytes", g => g.MemoryTotalBytes),
        ("gpu.powerWatts", g => g.PowerWatts),
        ("gpu.temperatureCelsius", g => g.TemperatureCelsius),
    ];

    public static IReadOnlyList<(string Key, Func<ServerSample, ServerHistogram?> Histogram)> Latencies { get; } =
    [
        ("timeToFirstToken", s => s.TimeToFirstToken),
        ("interTokenLatency", s => s.InterTokenLatency),
        ("timePerOutputToken", s => s.TimePerOutputToken),
        ("endToEnd", s => s.EndToEnd),
        ("queue", s => s.Queue),
        ("prefill", s => s.Prefill),
        ("decode", s => s.Decode),
    ];

    static FigureSpec Process(string key, Func<ProcessSample, double?> value, Func<ProcessSample, double?>? counter = null) => Spec("process", key, t => t.Process, value, counter, null);

    static FigureSpec Machine(string key, Func<MachineSample, double?> value, Func<MachineSample, double?>? counter = null, Func<MachineSample, double?>? whole = null) => Spec("machine", key, t => t.Machine, value, counter, whole);

    static FigureSpec Container(string key, Func<ContainerSample, double?> value, Func<ContainerSample, double?>? counter = null, Func<ContainerSample, double?>? whole = null) => Spec("container", key, t => t.Container, value, counter, whole);

    static FigureSpec Server(string key, Func<ServerSample, double?> value, Func<ServerSample, double?>? counter = null, Func<ServerSample, double?>? whole = null) => Spec("server", key, t => t.Server, value, counter, whole);

    static FigureSpec Spec<T>(string part, string key, Func<TargetSample, T?> of, Func<T, double?> value, Func<T, double?>? counter, Func<T, double?>? whole)
        where T : ResourcePart => new(
            $"{part}.{key}", of, p => value((T)p),
            counter is null ? null : p => counter((T)p),
            whole is null ? null : p => whole((T)p));
}

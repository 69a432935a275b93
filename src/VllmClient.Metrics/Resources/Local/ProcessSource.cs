namespace Vllm.Resources;

/// <summary>This process, by the runtime; its memory by Linux.</summary>
sealed class ProcessSource(LinuxFiles? files) : IResourceSource
{
    readonly LinuxFile? _statm = files?.Open("/proc/self/statm");

    public string Name => "process";

    public string Target => ResourceProbe.AppTarget;

    public ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default) => new(new ResourceReading { Process = Read() });

    public ProcessSample Read() => new()
    {
        // Phones forbid it, and the compiler knows.
        CpuTime = OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() || OperatingSystem.IsBrowser() ? null : Environment.CpuUsage.TotalTime,
        WorkingSetBytes = _statm is null ? null : Resident(_statm.Read()) * Environment.SystemPageSize,
        GcHeapBytes = GC.GetTotalMemory(forceFullCollection: false),
        AllocatedBytes = GC.GetTotalAllocatedBytes(precise: false),
        GcPauseTime = GC.GetTotalPauseDuration(),
        GcCollections = new(GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)),
        ThreadPoolThreads = ThreadPool.ThreadCount,
        ThreadPoolQueueLength = ThreadPool.PendingWorkItemCount,
        LockContentions = Monitor.LockContentionCount,
    };

    /// <summary>The second field of <c>/proc/self/statm</c>, in pages.</summary>
    internal static long? Resident(ReadOnlySpan<byte> statm)
    {
        ProcText.Word(ref statm);
        return ProcText.Number(ProcText.Word(ref statm));
    }
}

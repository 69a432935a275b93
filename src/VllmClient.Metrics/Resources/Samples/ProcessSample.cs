namespace Vllm.Resources;

/// <summary>This process. Times, bytes allocated and counts are since its start; rates are since the reading before.</summary>
public sealed record ProcessSample : ResourcePart
{
    /// <summary>Processor time used, user and system.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Processor cores used on average since the reading before.</summary>
    /// <remarks>Definition: measuring.md#resource-cpu-cores.</remarks>
    public double? CpuCores { get; init; }

    /// <summary>Share of the processors given to the runtime, 0 to 1: <see cref="CpuCores"/> divided by the processor count.</summary>
    public double? CpuUtilization { get; init; }

    /// <summary>Memory in RAM, in bytes; null where the system does not tell cheaply.</summary>
    public long? WorkingSetBytes { get; init; }

    /// <summary>Bytes that the garbage collector believes to be allocated.</summary>
    public long? GcHeapBytes { get; init; }

    /// <summary>Bytes allocated in total.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>Bytes allocated per second since the reading before.</summary>
    public double? AllocatedBytesPerSecond { get; init; }

    /// <summary>Time that the garbage collector stopped the process for, in total.</summary>
    public TimeSpan? GcPauseTime { get; init; }

    /// <summary>Share of the time since the reading before that was spent in such pauses, 0 to 1.</summary>
    public double? GcPauseShare { get; init; }

    /// <summary>Collections of generation 0, 1 and 2, in total; a collection of a generation counts for those below it too.</summary>
    public GcCounts? GcCollections { get; init; }

    /// <summary>Threads of the thread pool.</summary>
    public int? ThreadPoolThreads { get; init; }

    /// <summary>Work items waiting for a thread of the pool.</summary>
    public long? ThreadPoolQueueLength { get; init; }

    /// <summary>Times that a thread had to wait for a lock, in total.</summary>
    public long? LockContentions { get; init; }
}

/// <summary>Collections by generation.</summary>
/// <param name="Generation0">Collections of generation 0.</param>
/// <param name="Generation1">Collections of generation 1.</param>
/// <param name="Generation2">Collections of generation 2.</param>
public readonly record struct GcCounts(int Generation0, int Generation1, int Generation2);

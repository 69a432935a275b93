namespace Vllm.Resources;

/// <summary>The control group of this process. Limits are the smallest of the group and those above it.</summary>
public sealed record ContainerSample : ResourcePart
{
    /// <summary>Processor time used by the group, in total.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Processor cores used on average since the reading before.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Processor cores that the group may use; null: no limit.</summary>
    public double? CpuLimitCores { get; init; }

    /// <summary>Scheduling periods so far.</summary>
    public long? CpuPeriods { get; init; }

    /// <summary>Periods in which the group had to stop because its processor time was used up.</summary>
    public long? ThrottledPeriods { get; init; }

    /// <summary>Share of the periods since the reading before in which the group had to stop, 0 to 1.</summary>
    public double? ThrottledShare { get; init; }

    /// <summary>Time that the group was stopped for, in total.</summary>
    public TimeSpan? ThrottledTime { get; init; }

    /// <summary>Memory of the group less its inactive file cache, in bytes: what counts against the limit and cannot simply be dropped.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Memory that the group may use, in bytes; null: no limit.</summary>
    public long? MemoryLimitBytes { get; init; }
}

namespace Vllm.Resources;

/// <summary>A machine. Counters are since its start; shares and rates are since the reading before.</summary>
public sealed record MachineSample : ResourcePart
{
    /// <summary>Processors that the system sees, hardware threads included.</summary>
    public int? LogicalCpus { get; init; }

    /// <summary>Time in all states, summed over the processors; with <see cref="CpuBusyTime"/> the base of the shares.</summary>
    public TimeSpan? CpuTotalTime { get; init; }

    /// <summary>Time neither idle nor waiting for input or output, summed over the processors.</summary>
    public TimeSpan? CpuBusyTime { get; init; }

    /// <summary>Time taken by the hypervisor for others, summed over the processors.</summary>
    public TimeSpan? CpuStealTime { get; init; }

    /// <summary>Share of all processors that was busy, 0 to 1.</summary>
    /// <remarks>Definition: measuring.md#resource-cpu-share.</remarks>
    public double? CpuUtilization { get; init; }

    /// <summary>Share of the time that the hypervisor took away, 0 to 1.</summary>
    public double? StealShare { get; init; }

    /// <summary>Memory of the machine, in bytes.</summary>
    public long? MemoryTotalBytes { get; init; }

    /// <summary>Memory that could be used without swapping, in bytes.</summary>
    public long? MemoryAvailableBytes { get; init; }

    /// <summary>Total less available memory, in bytes.</summary>
    public long? MemoryUsedBytes => MemoryTotalBytes - MemoryAvailableBytes;

    /// <summary>Load average of the last minute, in runnable or blocked tasks.</summary>
    public double? Load1 { get; init; }

    /// <summary>Threads running or ready to run.</summary>
    public int? RunnableThreads { get; init; }

    /// <summary>Time that some task waited for a processor.</summary>
    public TimeSpan? CpuPressureTime { get; init; }

    /// <summary>Time that some task waited for memory.</summary>
    public TimeSpan? MemoryPressureTime { get; init; }

    /// <summary>Time that some task waited for input or output.</summary>
    public TimeSpan? IoPressureTime { get; init; }

    /// <summary>Share of the time that some task waited for a processor, 0 to 1.</summary>
    public double? CpuPressureShare { get; init; }

    /// <summary>Share of the time that some task waited for memory, 0 to 1.</summary>
    public double? MemoryPressureShare { get; init; }

    /// <summary>Share of the time that some task waited for input or output, 0 to 1.</summary>
    public double? IoPressureShare { get; init; }

    /// <summary>Bytes received by the machine's network devices, without loopback and container devices.</summary>
    public long? NetworkReceivedBytes { get; init; }

    /// <summary>Bytes sent by the same devices.</summary>
    public long? NetworkSentBytes { get; init; }

    /// <summary>Bytes received per second.</summary>
    public double? NetworkReceivedBytesPerSecond { get; init; }

    /// <summary>Bytes sent per second.</summary>
    public double? NetworkSentBytesPerSecond { get; init; }

    /// <summary>When the machine started, in seconds since 1970; tells a restart.</summary>
    internal double? BootSeconds { get; init; }
}

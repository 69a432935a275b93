namespace Vllm.Resources;

/// <summary>What one source read. A part that it cannot give is null.</summary>
public sealed record ResourceReading
{
    /// <summary>This process.</summary>
    public ProcessSample? Process { get; init; }

    /// <summary>The machine.</summary>
    public MachineSample? Machine { get; init; }

    /// <summary>The control group.</summary>
    public ContainerSample? Container { get; init; }

    /// <summary>The GPUs.</summary>
    public IReadOnlyList<GpuSample>? Gpus { get; init; }

    /// <summary>vLLM's own figures.</summary>
    public ServerSample? Server { get; init; }

    /// <summary>Why there is nothing to read here, such as a library that is not installed; null if there is something.</summary>
    public string? AbsentReason { get; init; }

    /// <summary>Lines that the source could not understand.</summary>
    public int SkippedLines { get; init; }

    /// <summary>When the figures were true, a raw timestamp of the probe's clock; null: when the reading ended.</summary>
    public long? Timestamp { get; init; }

    /// <summary>A reading that says that there is nothing to read.</summary>
    /// <param name="reason">Why, for a person.</param>
    public static ResourceReading Absent(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new() { AbsentReason = reason };
    }
}

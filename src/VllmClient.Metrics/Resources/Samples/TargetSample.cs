namespace Vllm.Resources;

/// <summary>One target at one moment: the application itself, or one server. A part that nobody could read is null.</summary>
public sealed record TargetSample
{
    /// <summary>Name of the target; <c>app</c> is this process and its machine.</summary>
    public required string Name { get; init; }

    /// <summary>This process; null for other targets.</summary>
    public ProcessSample? Process { get; init; }

    /// <summary>The machine, by its own counters or by a node exporter.</summary>
    public MachineSample? Machine { get; init; }

    /// <summary>The control group that this process runs in; null outside a container.</summary>
    public ContainerSample? Container { get; init; }

    /// <summary>The GPUs, in the order of their source; null if there is no source.</summary>
    public IReadOnlyList<GpuSample>? Gpus { get; init; }

    /// <summary>vLLM's own figures; null for targets that are no server.</summary>
    public ServerSample? Server { get; init; }
}

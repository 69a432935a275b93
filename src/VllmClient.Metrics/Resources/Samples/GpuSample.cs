namespace Vllm.Resources;

/// <summary>One GPU.</summary>
public sealed record GpuSample : ResourcePart
{
    /// <summary>Its UUID, or what the source has instead, such as a PCI slot.</summary>
    public required string Id { get; init; }

    /// <summary>Its number at the source.</summary>
    public int? Index { get; init; }

    /// <summary>Its product name.</summary>
    public string? Name { get; init; }

    /// <summary>Its maker, <c>NVIDIA</c> or <c>AMD</c>.</summary>
    public string? Vendor { get; init; }

    /// <summary>Share of the time with any kernel running, 0 to 1; null for a partitioned GPU. It says nothing about how full the GPU was.</summary>
    public double? Utilization { get; init; }

    /// <summary>Memory in use, in bytes.</summary>
    public long? MemoryUsedBytes { get; init; }

    /// <summary>Memory in total, in bytes.</summary>
    public long? MemoryTotalBytes { get; init; }

    /// <summary>Power drawn, in watts.</summary>
    public double? PowerWatts { get; init; }

    /// <summary>Energy used, in joules; a counter.</summary>
    public double? EnergyJoules { get; init; }

    /// <summary>Temperature of the chip, in degrees Celsius.</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>Whether the GPU is partitioned (MIG), so that energy and utilization cannot be told apart by partition; null: unknown.</summary>
    public bool? IsMig { get; init; }
}

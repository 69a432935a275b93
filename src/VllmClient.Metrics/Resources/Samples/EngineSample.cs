namespace Vllm.Resources;

/// <summary>The gauges of one engine and one model.</summary>
public sealed record EngineSample
{
    /// <summary>Number of the engine, <c>0</c> for a single one; empty if the page has no such label.</summary>
    public required string Engine { get; init; }

    /// <summary>The model served; null if the page has no such label.</summary>
    public string? Model { get; init; }

    /// <summary>Requests being worked on.</summary>
    public long? Running { get; init; }

    /// <summary>Requests waiting.</summary>
    public long? Waiting { get; init; }

    /// <summary>Share of the KV cache in use, 0 to 1.</summary>
    public double? KvCacheUtilization { get; init; }
}

/// <summary>The API process of a server, as its page shows it.</summary>
public sealed record ApiProcessSample
{
    /// <summary>Processor time used, in total.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Processor cores used on average since the reading before.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Memory in RAM, in bytes.</summary>
    public long? WorkingSetBytes { get; init; }

    /// <summary>When the process started, in seconds since 1970.</summary>
    public double? StartSeconds { get; init; }
}

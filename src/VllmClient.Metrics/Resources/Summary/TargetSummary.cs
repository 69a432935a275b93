namespace Vllm.Resources;

/// <summary>What one target used in a window.</summary>
public sealed record TargetSummary
{
    /// <summary>The target.</summary>
    public required string Name { get; init; }

    /// <summary>Where the figures come from: the source's name by part, which is <c>process</c>, <c>machine</c>, <c>container</c>, <c>gpu</c> or <c>server</c>, the first word of the figures' keys. Several in a row are joined by <c>+</c>.</summary>
    public required IReadOnlyDictionary<string, string> Sources { get; init; }

    /// <summary>Gauges and rates by key, such as <c>process.cpuCores</c> or <c>server.kvCacheShare</c>; the keys end in the unit. A figure without a reading is not there.</summary>
    public required IReadOnlyDictionary<string, ResourceFigure> Figures { get; init; }

    /// <summary>Growth of counters by key, such as <c>server.generationTokens</c> or <c>process.gcPauseSeconds</c>.</summary>
    public required IReadOnlyDictionary<string, ResourceTotal> Totals { get; init; }

    /// <summary>The server's own latencies by key, such as <c>timeToFirstToken</c>; empty if it told none.</summary>
    public required IReadOnlyDictionary<string, ServerLatency> Latencies { get; init; }

    /// <summary>The GPUs, in the order of their source.</summary>
    public required IReadOnlyList<GpuSummary> Gpus { get; init; }

    /// <summary>Energy of all GPUs together; null for a target without GPUs.</summary>
    public EnergySummary? Energy { get; init; }

    /// <summary>What the tokens cost; null without a price.</summary>
    public CostSummary? Cost { get; init; }

    /// <summary>Restarts of the server within the window.</summary>
    public int Restarts { get; init; }
}

/// <summary>What one GPU used in a window.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its product name, if known.</param>
/// <param name="Figures">Gauges by key, such as <c>gpu.powerWatts</c>.</param>
public sealed record GpuSummary(string Id, string? Name, IReadOnlyDictionary<string, ResourceFigure> Figures);

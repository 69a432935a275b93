namespace Vllm.Resources;

/// <summary>How a source is doing.</summary>
public sealed record ResourceSourceStatus
{
    /// <summary>The source's name.</summary>
    public required string Name { get; init; }

    /// <summary>The target that it is of.</summary>
    public required string Target { get; init; }

    /// <summary>Its state.</summary>
    public required ResourceSourceState State { get; init; }

    /// <summary>Why it is in this state, for a person; null while it is well.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when it has been in this state, a raw timestamp of the probe's clock.</summary>
    public long Since { get; init; }

    /// <summary>Readings that gave figures.</summary>
    public long Samples { get; init; }

    /// <summary>Readings that failed.</summary>
    public long Failures { get; init; }

    /// <summary>Ticks at which the reading before was still running.</summary>
    public long Skipped { get; init; }

    /// <summary>Lines not understood so far.</summary>
    public long SkippedLines { get; init; }

    /// <summary>How long the last finished reading took; null before the first.</summary>
    public TimeSpan? LastDuration { get; init; }
}

/// <summary>States of a source.</summary>
public enum ResourceSourceState
{
    /// <summary>It has not been read yet, or there is nothing to read here.</summary>
    Absent,

    /// <summary>It gives figures.</summary>
    Ok,

    /// <summary>Reading it fails.</summary>
    Failing,

    /// <summary>It gives figures that are renewed less often than they are read.</summary>
    Stale,
}

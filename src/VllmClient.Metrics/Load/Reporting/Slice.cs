namespace Vllm.Load;

/// <summary>What happened in one second of a run, or in several where the run was long.</summary>
public sealed record Slice
{
    /// <summary>Its beginning, since the run started.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>Its width; 1 second unless slices were joined.</summary>
    public TimeSpan Width { get; init; }

    /// <summary>Turns due in it.</summary>
    public long Offered { get; init; }

    /// <summary>Turns begun in it.</summary>
    public long Started { get; init; }

    /// <summary>Turns completed in it.</summary>
    public long Completed { get; init; }

    /// <summary>Turns failed in it.</summary>
    public long Failed { get; init; }

    /// <summary>Turns abandoned in it.</summary>
    public long Abandoned { get; init; }

    /// <summary>Turns cut off in it.</summary>
    public long CutOff { get; init; }

    /// <summary>Turns due in it and dropped.</summary>
    public long Dropped { get; init; }

    /// <summary>Turns in flight, averaged over its time.</summary>
    public double MeanInFlight { get; init; }

    /// <summary>Turns due and not begun at its end.</summary>
    public long Backlog { get; init; }

    /// <summary>Output tokens that arrived in it; null if no usage was sent.</summary>
    public double? OutputTokens { get; init; }

    /// <summary>Median time to first token of the turns whose first content arrived in it; null if none did.</summary>
    public TimeSpan? TimeToFirstTokenP50 { get; init; }

    /// <summary>Median time per output token of the turns completed in it; null if none were.</summary>
    public TimeSpan? TimePerOutputTokenP50 { get; init; }
}

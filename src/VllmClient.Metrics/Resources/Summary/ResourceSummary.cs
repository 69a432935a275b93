namespace Vllm.Resources;

/// <summary>What was used in a window of a recording.</summary>
public sealed record ResourceSummary
{
    /// <summary>Length of the window, in seconds.</summary>
    public required double WindowSeconds { get; init; }

    /// <summary>One per target, <c>app</c> first.</summary>
    public required IReadOnlyList<TargetSummary> Targets { get; init; }

    /// <summary>What nobody could read, and why.</summary>
    public required IReadOnlyList<MissingPart> Missing { get; init; }

    /// <summary>When a source that gave figures gave none, and why; in order of the sources, then of time.</summary>
    public required IReadOnlyList<ResourceGap> Gaps { get; init; }
}

/// <summary>A time in which a source gave no figures, although it did before or after.</summary>
/// <param name="Target">The target.</param>
/// <param name="Source">The source.</param>
/// <param name="State">What it was instead.</param>
/// <param name="Reason">Why.</param>
/// <param name="FromSeconds">Start, in seconds since the run began; in a summary of your own, since its window did.</param>
/// <param name="ToSeconds">End, likewise.</param>
public sealed record ResourceGap(string Target, string Source, ResourceSourceState State, string? Reason, double FromSeconds, double ToSeconds);

/// <summary>A part that has no figure in the window.</summary>
/// <param name="Target">The target.</param>
/// <param name="Part">What is missing: <c>process</c>, <c>machine</c>, <c>container</c>, <c>gpus</c>, <c>server</c>, or <c>page</c> for a page that never showed what it is.</param>
/// <param name="Reason">Why.</param>
public sealed record MissingPart(string Target, string Part, string Reason);

/// <summary>A figure over a window.</summary>
/// <param name="Min">Smallest reading.</param>
/// <param name="Mean">By the difference of the counter where there is one, else weighted by time.</param>
/// <param name="Max">Largest reading.</param>
/// <param name="Last">Last reading.</param>
/// <param name="Samples">Readings in the window; 0 if it lies between two of them, and all values are the mean.</param>
/// <remarks>Definition: measuring.md#resource-figure.</remarks>
public sealed record ResourceFigure(double Min, double Mean, double Max, double Last, int Samples)
{
    /// <summary>Whether a counter began anew within the window, so that only the unbroken parts are in the mean.</summary>
    public bool IsBroken { get; init; }
}

/// <summary>What a counter grew by within a window.</summary>
/// <param name="Value">The growth, in the unit that its key ends in.</param>
/// <param name="IsAtLeast">Whether the counter began anew, so that some of it is lost.</param>
public sealed record ResourceTotal(double Value, bool IsAtLeast);

/// <summary>A server's own latencies of the requests that ended in a window.</summary>
/// <param name="Count">How many.</param>
/// <param name="MeanSeconds">Their mean, exact.</param>
/// <param name="P50">The median, as far as buckets tell.</param>
/// <param name="P95">The 95th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="IsAtLeast">Whether the server began anew, so that some are lost.</param>
public sealed record ServerLatency(long Count, double MeanSeconds, BucketQuantile? P50, BucketQuantile? P95, BucketQuantile? P99, bool IsAtLeast);

namespace Vllm.Resources;

/// <summary>A histogram of a server's page, summed over its labels.</summary>
public sealed record ServerHistogram
{
    /// <summary>Values counted so far.</summary>
    public long Count { get; init; }

    /// <summary>Sum of the values, in their unit.</summary>
    public double Sum { get; init; }

    /// <summary>Upper bounds of the buckets, ascending, the last one infinite; empty if engines disagree about them, so that only the mean can be told.</summary>
    public IReadOnlyList<double> UpperBounds { get; init; } = [];

    /// <summary>Values up to and with each bound, as many as there are bounds.</summary>
    public IReadOnlyList<long> CumulativeCounts { get; init; } = [];
}

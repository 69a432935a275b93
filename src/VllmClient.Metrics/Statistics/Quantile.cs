namespace Vllm.Statistics;

/// <summary>A quantile of a sample with the interval that holds the true one with 95 % confidence.</summary>
/// <typeparam name="T">What was measured: <see cref="TimeSpan"/> for times, <see cref="double"/> for numbers of tokens.</typeparam>
/// <remarks>Definition: measuring.md#statistics.</remarks>
public sealed record Quantile<T>
    where T : struct
{
    /// <summary>The nearest-rank quantile.</summary>
    public T Value { get; init; }

    /// <summary>Lower end of the interval; null if the sample is too small to have one.</summary>
    public T? Low { get; init; }

    /// <summary>Upper end of the interval; null if the sample is too small to have one.</summary>
    public T? High { get; init; }
}

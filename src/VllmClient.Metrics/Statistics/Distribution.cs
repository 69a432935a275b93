namespace Vllm.Statistics;

/// <summary>What a sample says about one figure: its moments, and its quantiles with intervals.</summary>
/// <typeparam name="T">What was measured: <see cref="TimeSpan"/> for times, to 100 ns; <see cref="double"/> for numbers of tokens.</typeparam>
/// <remarks>A figure that the sample cannot support is null, never 0. Quantiles are by nearest rank, never interpolated. Definition: measuring.md#statistics.</remarks>
public sealed record Distribution<T>
    where T : struct
{
    /// <summary>Values measured.</summary>
    public long Count { get; init; }

    /// <summary>Turns that should have had a value but did not, for instance because the server sent no usage.</summary>
    public long Missing { get; init; }

    /// <summary>Turns that were cut off, so that their values are in no figure here and could have moved each of them.</summary>
    public long CutOff { get; init; }

    /// <summary>The least that the value of any of those turns can be, by how long they ran; null without any, or where that says nothing about the value.</summary>
    public T? CutOffAtLeast { get; init; }

    /// <summary>How many independent values the sample is worth; at most <see cref="Count"/>.</summary>
    public long EffectiveCount { get; init; }

    /// <summary>Arithmetic mean; null without values.</summary>
    public T? Mean { get; init; }

    /// <summary>Lower end of the mean's 95 % interval; null if there are too few batches.</summary>
    public T? MeanLow { get; init; }

    /// <summary>Upper end of the mean's 95 % interval; null if there are too few batches.</summary>
    public T? MeanHigh { get; init; }

    /// <summary>Standard deviation of the sample (divides by n - 1); null below two values.</summary>
    public T? StandardDeviation { get; init; }

    /// <summary>Smallest value; null without values.</summary>
    public T? Min { get; init; }

    /// <summary>Largest value; null without values.</summary>
    public T? Max { get; init; }

    /// <summary>Median; null below 10 values.</summary>
    public Quantile<T>? P50 { get; init; }

    /// <summary>90th percentile; null below 50 values.</summary>
    public Quantile<T>? P90 { get; init; }

    /// <summary>95th percentile; null below 100 values.</summary>
    public Quantile<T>? P95 { get; init; }

    /// <summary>99th percentile; null below 500 values.</summary>
    public Quantile<T>? P99 { get; init; }

    /// <summary>99.9th percentile; null below 5,000 values.</summary>
    public Quantile<T>? P999 { get; init; }

    /// <summary>The whole sample as a sparse histogram, by ascending bucket.</summary>
    public IReadOnlyList<HistogramBucket> Histogram { get => field ?? []; init; }
}

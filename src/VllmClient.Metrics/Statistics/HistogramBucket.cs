namespace Vllm.Statistics;

/// <summary>One bucket of a sparse log-linear histogram that holds anything.</summary>
/// <param name="Index">The bucket: below 128 the value itself, above it 128 buckets for each doubling.</param>
/// <param name="Count">How many values fell into it; at least 1.</param>
/// <remarks>Times are counted in nanoseconds, tokens in tokens. Definition: measuring.md#statistics.</remarks>
public readonly record struct HistogramBucket(int Index, long Count);

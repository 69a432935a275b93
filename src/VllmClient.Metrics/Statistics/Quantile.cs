namespace Vllm.Statistics;

/// <summary>A quantile of a sample with the interval that holds the true one with 95 % confidence.</summary>
/// <param name="Value">The nearest-rank quantile, in the unit of its distribution.</param>
/// <param name="Low">Lower end of the interval; null if the sample is too small to have one.</param>
/// <param name="High">Upper end of the interval; null if the sample is too small to have one.</param>
/// <remarks>Definition: measuring.md#statistics.</remarks>
public sealed record Quantile(double Value, double? Low, double? High);

using Vllm.Load;

namespace Vllm.Reports;

/// <summary>The eleven figures of the classic benchmark script, over completed turns, latency from the send.</summary>
/// <remarks>Definition: measuring.md#classic-requests.</remarks>
sealed record ClassicFigures
{
    public long Requests { get; init; }

    public double? AverageLatency { get; init; }

    public double? MaximumLatency { get; init; }

    public double? MinimumLatency { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public double? OutputPerRequest { get; init; }

    public long? TotalTokens { get; init; }

    /// <summary>All tokens over the sum of all latencies: one user's speed, not the throughput.</summary>
    public double? TokensPerSecond { get; init; }

    public double? TokensPerMinute { get; init; }

    public double? TotalTime { get; init; }

    /// <summary>Completed turns whose usage is unknown, so that the token figures are lower bounds.</summary>
    public long WithoutUsage { get; init; }

    public long Failed { get; init; }

    public static ClassicFigures Of(PhaseReport total)
    {
        var latency = total.Duration;
        var tokens = total.InputTokens is null && total.OutputTokens is null ? null : (total.InputTokens ?? 0) + (total.OutputTokens ?? 0) as long?;
        var seconds = total.Elapsed.TotalSeconds;
        return new()
        {
            Requests = total.Completed,
            Failed = total.Failed,
            AverageLatency = latency?.Mean,
            MaximumLatency = latency?.Max,
            MinimumLatency = latency?.Min,
            InputTokens = total.InputTokens,
            OutputTokens = total.OutputTokens,
            OutputPerRequest = Ratio(total.OutputTokens, total.Completed),
            TotalTokens = tokens,
            TokensPerSecond = Ratio(tokens, latency?.Mean * latency?.Count),
            TokensPerMinute = Ratio(60 * tokens, seconds),
            TotalTime = total.Started > 0 ? seconds : null,
            WithoutUsage = tokens is null ? 0 : Math.Max(total.InputLength?.Missing ?? 0, total.OutputLength?.Missing ?? 0),
        };
    }

    static double? Ratio(double? amount, double? of) => of > 0 ? amount / of : null;
}

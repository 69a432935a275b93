namespace Vllm.Load;

/// <summary>The eleven figures of the classic benchmark script, over the completed turns of all measured phases, latency from the send; and what they leave out.</summary>
/// <remarks>Definition: measuring.md#classic.</remarks>
public sealed record ClassicFigures
{
    /// <summary>Completed turns. Definition: measuring.md#classic-requests.</summary>
    public long Requests { get; init; }

    /// <summary>Mean latency; null if no turn completed. Definition: measuring.md#classic-mean.</summary>
    public TimeSpan? MeanLatency { get; init; }

    /// <summary>Largest latency; null if no turn completed. Definition: measuring.md#classic-max.</summary>
    public TimeSpan? MaxLatency { get; init; }

    /// <summary>Smallest latency; null if no turn completed. Definition: measuring.md#classic-min.</summary>
    public TimeSpan? MinLatency { get; init; }

    /// <summary>Sum of prompt tokens; null if no usage was sent, a lower bound if <see cref="RequestsWithoutUsage"/> is above 0. Definition: measuring.md#classic-input.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Sum of output tokens; null if no usage was sent, a lower bound if <see cref="RequestsWithoutUsage"/> is above 0. Definition: measuring.md#classic-output.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Output tokens per completed turn; null if no usage was sent or no turn completed, a lower bound if <see cref="RequestsWithoutUsage"/> is above 0. Definition: measuring.md#classic-per-request.</summary>
    public double? OutputTokensPerRequest { get; init; }

    /// <summary>Prompt and output tokens; null if no usage was sent, a lower bound if <see cref="RequestsWithoutUsage"/> is above 0. Definition: measuring.md#classic-total.</summary>
    public long? TotalTokens { get; init; }

    /// <summary>All tokens over the sum of all latencies: the speed of one stream, not the throughput; null if no usage was sent or no turn completed. Definition: measuring.md#classic-speed.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>All tokens over the total time, per minute; null if no usage was sent or no time passed. Definition: measuring.md#classic-tpm.</summary>
    public double? TokensPerMinute { get; init; }

    /// <summary>From the first begin to the last end; null if no turn began. Definition: measuring.md#classic-duration.</summary>
    public TimeSpan? TotalTime { get; init; }

    /// <summary>Failed turns, which are in none of the eleven.</summary>
    public long FailedRequests { get; init; }

    /// <summary>Completed turns whose usage is unknown, so that the token figures are lower bounds; 0 if no usage is known at all.</summary>
    public long RequestsWithoutUsage { get; init; }

    internal static ClassicFigures Of(PhaseReport total)
    {
        var latency = total.Duration;
        var tokens = total.InputTokens is null && total.OutputTokens is null ? null : (total.InputTokens ?? 0) + (total.OutputTokens ?? 0) as long?;
        var seconds = total.Elapsed.TotalSeconds;
        return new()
        {
            Requests = total.Completed,
            MeanLatency = latency?.Mean,
            MaxLatency = latency?.Max,
            MinLatency = latency?.Min,
            InputTokens = total.InputTokens,
            OutputTokens = total.OutputTokens,
            OutputTokensPerRequest = Ratio(total.OutputTokens, total.Completed),
            TotalTokens = tokens,
            TokensPerSecond = Ratio(tokens, latency?.Mean?.TotalSeconds * latency?.Count),
            TokensPerMinute = Ratio(60.0 * tokens, seconds),
            TotalTime = total.Started > 0 ? total.Elapsed : null,
            FailedRequests = total.Failed,
            RequestsWithoutUsage = tokens is null ? 0 : Math.Max(total.InputLength?.Missing ?? 0, total.OutputLength?.Missing ?? 0),
        };
    }

    // A report read from a file can hold any numbers.
    static double? Ratio(double? amount, double? of) => of > 0 && amount / of is { } ratio && double.IsFinite(ratio) ? ratio : null;
}

namespace Vllm;

/// <summary>Times that the server measured itself. Sent only by servers started with <c>--enable-per-request-metrics</c>.</summary>
public sealed record ServerTiming
{
    /// <summary>Time to first token as the server saw it, without its queue.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Time from the first to the last token.</summary>
    public TimeSpan? GenerationTime { get; init; }

    /// <summary>Time in the server's queue.</summary>
    public TimeSpan? QueueTime { get; init; }

    /// <summary>Mean time between tokens.</summary>
    public TimeSpan? MeanInterTokenLatency { get; init; }

    /// <summary>Output tokens per second of this request.</summary>
    public double? TokensPerSecond { get; init; }
}

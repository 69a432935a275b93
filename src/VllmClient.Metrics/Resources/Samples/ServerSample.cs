namespace Vllm.Resources;

/// <summary>What one vLLM says of itself in <c>/metrics</c> and <c>/health</c>. Labels are summed; counters are since its start.</summary>
public sealed record ServerSample : ResourcePart
{
    /// <summary>Whether the engine is alive; null if the server did not say. While it is dead, gauges are null: the page is frozen then.</summary>
    public bool? Healthy { get; init; }

    /// <summary>Requests being worked on.</summary>
    public long? Running { get; init; }

    /// <summary>Requests waiting for the engine.</summary>
    public long? Waiting { get; init; }

    /// <summary>Share of the KV cache in use, 0 to 1; of the fullest engine.</summary>
    public double? KvCacheUtilization { get; init; }

    /// <summary>Prompt tokens processed.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>Tokens generated.</summary>
    public long? GenerationTokens { get; init; }

    /// <summary>Prompt tokens found in a cache; from vLLM 0.10 on.</summary>
    public long? CachedPromptTokens { get; init; }

    /// <summary>Requests pushed back into the queue for lack of memory.</summary>
    public long? Preemptions { get; init; }

    /// <summary>Requests refused at the door.</summary>
    public long? Rejected { get; init; }

    /// <summary>Tokens found in the prefix cache.</summary>
    public long? PrefixCacheHits { get; init; }

    /// <summary>Tokens looked up in the prefix cache.</summary>
    public long? PrefixCacheQueries { get; init; }

    /// <summary>Share of the tokens looked up since the reading before that were found, 0 to 1.</summary>
    public double? PrefixCacheHitShare { get; init; }

    /// <summary>Prompt tokens per second since the reading before.</summary>
    public double? PromptTokensPerSecond { get; init; }

    /// <summary>Generated tokens per second since the reading before.</summary>
    public double? GenerationTokensPerSecond { get; init; }

    /// <summary>Requests finished, by reason: <c>stop</c>, <c>length</c>, <c>abort</c> and what else the server sends.</summary>
    public IReadOnlyDictionary<string, long>? Finished { get; init; }

    /// <summary>Time to the first token, in seconds.</summary>
    public ServerHistogram? TimeToFirstToken { get; init; }

    /// <summary>Time between tokens, in seconds.</summary>
    public ServerHistogram? InterTokenLatency { get; init; }

    /// <summary>Mean time per output token of each request, in seconds.</summary>
    public ServerHistogram? TimePerOutputToken { get; init; }

    /// <summary>Time of whole requests, in seconds.</summary>
    public ServerHistogram? EndToEnd { get; init; }

    /// <summary>Time in the queue, in seconds.</summary>
    public ServerHistogram? Queue { get; init; }

    /// <summary>Time spent on prompts, in seconds.</summary>
    public ServerHistogram? Prefill { get; init; }

    /// <summary>Time spent generating, in seconds.</summary>
    public ServerHistogram? Decode { get; init; }

    /// <summary>The API process, never the engine or its weights; null if the page does not show it.</summary>
    public ApiProcessSample? ApiProcess { get; init; }

    /// <summary>The gauges of each engine and model, in the order of the page.</summary>
    public IReadOnlyList<EngineSample> Engines { get; init; } = [];

    /// <summary>Restarts of the server that the probe has seen.</summary>
    public int Restarts { get; init; }

    /// <summary>When the oldest of the page's counters was made, in seconds since 1970; tells a restart.</summary>
    internal double? CreatedSeconds { get; init; }
}

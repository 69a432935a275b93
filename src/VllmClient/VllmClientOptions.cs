namespace Vllm;

/// <summary>Settings of a client. They are copied when the client is made; later changes have no effect.</summary>
public sealed class VllmClientOptions
{
    Dictionary<string, string> _defaultHeaders = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where vLLM answers: bare, or with <c>/v1</c>, or with a prefix before it. http or https; <c>https+http</c> and <c>http+https</c> for service discovery. Default: null, which is <c>http://localhost:8000</c>, but for a named client of <c>AddVllmClient</c>, which must have an address.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>The key, sent as a bearer token with every request. Default: null, no key.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Asked for the key before every attempt; beats <see cref="ApiKey"/>. Default: null.</summary>
    public Func<CancellationToken, ValueTask<string?>>? ApiKeyProvider { get; set; }

    /// <summary>The model of requests that name none. Default: null, the server's first.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>Limit for opening a connection. Default: 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Limit from sending to the response head; a call that is not streamed gets its head only with the whole answer. Default: 10 min.</summary>
    public TimeSpan ResponseHeadersTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Limit from the response head of a stream to its first content. Default: 10 min.</summary>
    public TimeSpan FirstTokenTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Limit without a single byte of the response body. Default: 100 s.</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Limit for the whole call, gate and retries included. Default: null, none.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Further attempts after the first, 0 to 10. A generation that has begun is never repeated. Default: 2.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Longest pause before an attempt; if the server asks for more, the call fails at once. Default: 30 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an idle connection is kept. vLLM closes at 5 s, and a request sent into that fails. Default: 4 s.</summary>
    public TimeSpan PooledConnectionIdleTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a connection is used, so that DNS changes are seen. Default: 5 min.</summary>
    public TimeSpan PooledConnectionLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most connections to the server. Default: null, no limit.</summary>
    public int? MaxConnectionsPerServer { get; set; }

    /// <summary>Most calls at a time; further ones wait in order of arrival, and the wait is measured. Default: null, no limit.</summary>
    public int? MaxConcurrentRequests { get; set; }

    /// <summary>HTTP version. vLLM speaks 1.1 only; a proxy may speak 2. Default: 1.1.</summary>
    public Version HttpVersion { get; set; } = System.Net.HttpVersion.Version11;

    /// <summary>Name of the token limit in chat requests. Default: <c>max_completion_tokens</c>; old servers want <c>max_tokens</c>.</summary>
    public string MaxTokensName { get; set; } = "max_completion_tokens";

    /// <summary>Whether streams ask for usage. Without it token counts are unknown. Default: true.</summary>
    public bool IncludeUsage { get; set; } = true;

    /// <summary>Whether a stream must end with <c>[DONE]</c>. False accepts one whose choices have all finished, and, where no event has choices, one whose body ended properly. Default: true.</summary>
    public bool RequireDone { get; set; } = true;

    /// <summary>Whether <c>[DONE]</c> ends a stream only if every choice that began, and at least one, has said its finish reason. False accepts <c>[DONE]</c> alone, for servers that never send a reason. Default: true.</summary>
    public bool RequireFinishReason { get; set; } = true;

    /// <summary>Whether resilience handlers that an application adds to every HTTP client stay. They retry generations. Default: false.</summary>
    public bool KeepDefaultResilienceHandlers { get; set; }

    /// <summary>Whether .NET's own HTTP loggers (<c>System.Net.Http.HttpClient.VllmClient.*</c>) stay: four entries at Information for each attempt, failures with stack traces. The client logs its calls itself. For clients of <c>AddVllmClient</c>. Default: false.</summary>
    public bool KeepHttpClientLogs { get; set; }

    /// <summary>Headers sent with every request. Default: empty.</summary>
    public IDictionary<string, string> DefaultHeaders => _defaultHeaders;

    /// <summary>What metrics and spans say. Default: all of it.</summary>
    public VllmTelemetryOptions Telemetry { get; set; } = new();

    internal VllmClientOptions Copy()
    {
        var copy = (VllmClientOptions)MemberwiseClone();
        copy._defaultHeaders = new(_defaultHeaders, StringComparer.OrdinalIgnoreCase);
        copy.Telemetry = Telemetry.Copy();
        return copy;
    }
}

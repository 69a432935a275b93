namespace Vllm;

/// <summary>Settings of one call. A property that is null takes the client's setting.</summary>
public sealed record VllmRequestOptions
{
    /// <summary>Limit for the whole call, gate and retries included.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Limit from sending to the response head.</summary>
    public TimeSpan? ResponseHeadersTimeout { get; init; }

    /// <summary>Limit from the response head of a stream to its first content.</summary>
    public TimeSpan? FirstTokenTimeout { get; init; }

    /// <summary>Limit without a single byte of the response body.</summary>
    public TimeSpan? StreamIdleTimeout { get; init; }

    /// <summary>Further attempts after the first, 0 to 10.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>The request id, unique among live requests; null makes a random one.</summary>
    public string? RequestId { get; init; }

    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string>? ExtraHeaders { get; init; }

    /// <summary>Further query parameters.</summary>
    public IReadOnlyDictionary<string, string>? ExtraQuery { get; init; }

    /// <summary>The data-parallel engine that serves the call; sent as <c>X-data-parallel-rank</c>.</summary>
    public int? DataParallelRank { get; init; }

    /// <summary>Whether a stream makes no strings: updates carry no text, only its size, and one update object is used again and again. For load tests. Default: false.</summary>
    public bool DiscardText { get; init; }

    /// <summary>Whether the updates of a stream carry the whole event as JSON, members included that this version does not know. Default: false.</summary>
    public bool CaptureRaw { get; init; }

    /// <summary>Tags added to the metrics of this call, of few different values; together with the client's at most 2.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Whether the call comes through an adapter of another library's interface, which may measure it too.</summary>
    internal bool IsAdapter { get; init; }

    /// <summary>Kinds of contents that the adapter could not send; null for none.</summary>
    internal string? SkippedContents { get; init; }
}

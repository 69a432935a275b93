namespace Vllm.Http;

/// <summary>What holds for one call: the client's options and, where they say something, the request's.</summary>
sealed class CallSettings
{
    static readonly VllmRequestOptions Unset = new();

    internal CallSettings(VllmClientOptions client, VllmRequestOptions? request)
    {
        request ??= Unset;
        Timeout = request.Timeout ?? client.Timeout;
        ResponseHeadersTimeout = request.ResponseHeadersTimeout ?? client.ResponseHeadersTimeout;
        FirstTokenTimeout = request.FirstTokenTimeout ?? client.FirstTokenTimeout;
        StreamIdleTimeout = request.StreamIdleTimeout ?? client.StreamIdleTimeout;
        MaxRetries = request.MaxRetries ?? client.MaxRetries;
        MaxRetryDelay = client.MaxRetryDelay;
        RequestId = request.RequestId;
        Headers = request.ExtraHeaders;
        Query = request.ExtraQuery;
        DataParallelRank = request.DataParallelRank;
        DiscardText = request.DiscardText;
        CaptureRaw = request.CaptureRaw;
        Tags = request.Tags;
        IsAdapter = request.IsAdapter;
    }

    internal TimeSpan? Timeout { get; init; }

    internal TimeSpan ResponseHeadersTimeout { get; }

    internal TimeSpan FirstTokenTimeout { get; }

    internal TimeSpan StreamIdleTimeout { get; }

    internal int MaxRetries { get; set; }

    internal TimeSpan MaxRetryDelay { get; }

    internal string? RequestId { get; }

    internal IReadOnlyDictionary<string, string>? Headers { get; }

    internal IReadOnlyDictionary<string, string>? Query { get; }

    internal int? DataParallelRank { get; }

    internal bool DiscardText { get; }

    internal bool CaptureRaw { get; }

    internal IReadOnlyDictionary<string, string>? Tags { get; }

    /// <summary>Whether the call comes through an adapter of another library's interface.</summary>
    internal bool IsAdapter { get; }
}

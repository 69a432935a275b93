namespace Vllm;

/// <summary>A call to vLLM failed. The derived types say how; the message says what was tried, what happened, and what to do.</summary>
/// <remarks>The derived types have public constructors, so that tests can fake a failure.</remarks>
public abstract class VllmException : Exception
{
    string? _requestId;
    Uri? _endpoint;
    int _attempts;
    VllmCallTimings _timings;
    GenerationResult? _partialResult;

    private protected VllmException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>The id that the client sent with the last attempt; null if nothing was sent.</summary>
    public string? RequestId { get => _requestId; init => _requestId = value; }

    /// <summary>The URL called, without user info and query; null if none was.</summary>
    public Uri? Endpoint { get => _endpoint; init => _endpoint = value; }

    /// <summary>Attempts made, from 0.</summary>
    public int Attempts { get => _attempts; init => _attempts = value; }

    /// <summary>The moments of the call.</summary>
    public VllmCallTimings Timings { get => _timings; init => _timings = value; }

    /// <summary>What had arrived of the answer: a <see cref="ChatResult"/>, a <see cref="CompletionResult"/> or a <see cref="ResponsesResult"/>; null if nothing had.</summary>
    public GenerationResult? PartialResult { get => _partialResult; init => _partialResult = value; }

    /// <summary>The text that had arrived of choice 0; null if no answer had begun.</summary>
    public string? PartialText => PartialResult?.Text;

    /// <summary>Whether the same call may succeed later, and cannot have made the server generate: it could not be reached, or answered 408, 429, 502, 503 or 504. These are the failures that the client tries again by itself, up to <see cref="VllmClientOptions.MaxRetries"/> times.</summary>
    public virtual bool IsTransient => false;

    internal void Describe(string? requestId, Uri? endpoint, int attempts, VllmCallTimings timings) =>
        (_requestId, _endpoint, _attempts, _timings) = (requestId, endpoint, attempts, timings);

    internal void Describe(VllmCallTimings timings) => _timings = timings;

    internal void Keep(GenerationResult? partialResult) => _partialResult = partialResult;
}

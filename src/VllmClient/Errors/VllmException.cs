namespace Vllm;

/// <summary>A call to vLLM failed. The derived types say how; the message says what was tried, what happened, and what to do.</summary>
public abstract class VllmException : Exception
{
    private protected VllmException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>The id that the client sent with the last attempt; null if nothing was sent.</summary>
    public string? RequestId { get; internal set; }

    /// <summary>The URL called, without user info and query.</summary>
    public Uri? Endpoint { get; internal set; }

    /// <summary>Attempts made.</summary>
    public int Attempts { get; internal set; }

    /// <summary>The moments of the call.</summary>
    public VllmCallTimings Timings { get; internal set; }

    /// <summary>What had arrived of the answer: a <see cref="ChatResult"/>, a <see cref="CompletionResult"/> or a <see cref="ResponsesResult"/>; null if nothing had.</summary>
    public object? PartialResult { get; internal set; }

    /// <summary>The text that had arrived of choice 0; null if none had.</summary>
    public string? PartialText => PartialResult switch
    {
        ChatResult chat => chat.Text,
        CompletionResult completion => completion.Text,
        ResponsesResult response => response.Text,
        _ => null,
    };
}

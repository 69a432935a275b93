namespace Vllm;

/// <summary>The connection could not be made, or broke before the answer was complete and before a stream had begun.</summary>
public sealed class VllmConnectionException : VllmException
{
    internal VllmConnectionException(string message, HttpRequestError httpRequestError, long bytesReceived, Exception? innerException)
        : base(message, innerException)
    {
        HttpRequestError = httpRequestError;
        BytesReceived = bytesReceived;
    }

    /// <summary>What kind of failure .NET's HTTP stack saw.</summary>
    public HttpRequestError HttpRequestError { get; }

    /// <summary>Bytes of the response body that had arrived.</summary>
    public long BytesReceived { get; }
}

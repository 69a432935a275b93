namespace Vllm;

/// <summary>The connection could not be made, or broke before the answer was complete and before a stream had begun.</summary>
public sealed class VllmConnectionException : VllmException
{
    /// <summary>Makes one, for instance to fake a server that is away in a test.</summary>
    /// <param name="message">The message.</param>
    /// <param name="httpRequestError">What kind of failure .NET's HTTP stack saw.</param>
    /// <param name="innerException">What caused it.</param>
    public VllmConnectionException(string message, HttpRequestError httpRequestError, Exception? innerException = null)
        : base(message, innerException) => HttpRequestError = httpRequestError;

    /// <summary>What kind of failure .NET's HTTP stack saw.</summary>
    public HttpRequestError HttpRequestError { get; }

    /// <summary>Bytes of the response body that had arrived.</summary>
    public long BytesReceived { get; init; }

    /// <inheritdoc/>
    public override bool IsTransient => HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;
}

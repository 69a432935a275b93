namespace Vllm;

/// <summary>Why a stream is not a complete answer.</summary>
public enum VllmStreamFailure
{
    /// <summary>The server reported an error in the stream.</summary>
    ServerError,

    /// <summary>The server stopped and gave up the answer.</summary>
    Aborted,

    /// <summary>The stream ended without its terminal marker, or with it before every choice had said its finish reason.</summary>
    Truncated,

    /// <summary>An event could not be read.</summary>
    Malformed,
}

/// <summary>An answer broke off after it had begun. What had arrived is in <see cref="VllmException.PartialResult"/>.</summary>
public sealed class VllmStreamException : VllmException
{
    /// <summary>Makes one, for instance to fake a broken stream in a test.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reason">Why the stream is not a complete answer.</param>
    /// <param name="innerException">What caused it.</param>
    public VllmStreamException(string message, VllmStreamFailure reason, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    /// <summary>Why the stream is not a complete answer.</summary>
    public VllmStreamFailure Reason { get; }

    /// <summary>The server's code, as text; null unless <see cref="Reason"/> is <see cref="VllmStreamFailure.ServerError"/> and it gave one.</summary>
    public string? Code { get; init; }

    /// <summary>The server's word for the error; null if it gave none.</summary>
    public ErrorType? ErrorType { get; init; }

    /// <summary>The server's own message; null if it gave none. It can quote the request, so it is not for logs.</summary>
    public string? ServerMessage { get; init; }

    /// <summary>Whether the server is busy, so that a later attempt may succeed.</summary>
    public bool IsOverloaded => Code is "429" or "503";
}

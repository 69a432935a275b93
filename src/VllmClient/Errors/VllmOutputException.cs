namespace Vllm;

/// <summary>Why an answer is not the value that was asked for.</summary>
public enum VllmOutputFailure
{
    /// <summary>The token limit cut the JSON.</summary>
    Length,

    /// <summary>The model refused to answer.</summary>
    Refused,

    /// <summary>The answer has no text.</summary>
    Empty,

    /// <summary>The text is not JSON of the type.</summary>
    InvalidJson,
}

/// <summary>The server answered, but the answer cannot be read as the type asked for. The answer itself is in <see cref="VllmException.PartialResult"/>.</summary>
public sealed class VllmOutputException : VllmException
{
    /// <summary>Makes one, for instance to fake an answer that cannot be read in a test.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reason">Why the answer cannot be read.</param>
    public VllmOutputException(string message, VllmOutputFailure reason) : base(message, null) => Reason = reason;

    /// <summary>Why the answer cannot be read.</summary>
    public VllmOutputFailure Reason { get; }
}

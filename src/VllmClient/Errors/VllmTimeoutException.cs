namespace Vllm;

/// <summary>Which deadline passed.</summary>
public enum VllmTimeoutKind
{
    /// <summary>Opening a connection.</summary>
    Connect,

    /// <summary>From sending to the response head.</summary>
    ResponseHeaders,

    /// <summary>From the response head of a stream to its first content.</summary>
    FirstToken,

    /// <summary>No byte of the body.</summary>
    StreamIdle,

    /// <summary>The whole call.</summary>
    Total,
}

/// <summary>One of the client's own deadlines passed. Never thrown for the caller's cancellation.</summary>
public sealed class VllmTimeoutException : VllmException
{
    /// <summary>Makes one, for instance to fake a slow server in a test.</summary>
    /// <param name="message">The message.</param>
    /// <param name="kind">Which deadline passed.</param>
    /// <param name="limit">The deadline.</param>
    /// <param name="elapsed">Time since the call began.</param>
    /// <param name="innerException">What caused it.</param>
    public VllmTimeoutException(string message, VllmTimeoutKind kind, TimeSpan limit, TimeSpan elapsed, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Limit = limit;
        Elapsed = elapsed;
    }

    /// <summary>Which deadline passed.</summary>
    public VllmTimeoutKind Kind { get; }

    /// <summary>The deadline.</summary>
    public TimeSpan Limit { get; }

    /// <summary>Time since the call began.</summary>
    public TimeSpan Elapsed { get; }
}

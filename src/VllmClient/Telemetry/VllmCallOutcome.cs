namespace Vllm;

/// <summary>How a call ended. Exactly one of these is recorded per call; the first writer wins.</summary>
/// <remarks>Definition: telemetry of the client, see <c>docs/metrics.md</c>.</remarks>
public enum VllmCallOutcome
{
    /// <summary>The answer arrived whole: the JSON body was read to its end, or the stream reached its terminal marker.</summary>
    Completed,

    /// <summary>The server refused the call, the connection failed, or the answer could not be read.</summary>
    Failed,

    /// <summary>One of the client's own deadlines passed.</summary>
    TimedOut,

    /// <summary>The stream ended without its terminal marker, or with it before every choice had said its finish reason.</summary>
    Truncated,

    /// <summary>The server stopped and gave up the answer (<c>finish_reason: "abort"</c>).</summary>
    Aborted,

    /// <summary>The caller's cancellation token fired.</summary>
    Cancelled,

    /// <summary>The caller disposed the stream before its end.</summary>
    Abandoned,
}

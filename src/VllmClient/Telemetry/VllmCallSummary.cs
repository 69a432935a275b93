namespace Vllm;

/// <summary>Everything the client measured of one call, handed to the observer once, when the call has ended.</summary>
public readonly record struct VllmCallSummary
{
    /// <summary>The call, unique in this process.</summary>
    public long CallId { get; init; }

    /// <summary>Raw timestamp of <see cref="Clock"/> when the call began.</summary>
    public long StartedTimestamp { get; init; }

    /// <summary>Raw timestamp of <see cref="Clock"/> when the outcome was known.</summary>
    public long EndedTimestamp { get; init; }

    /// <summary>UTF-8 bytes of text, reasoning and tool arguments received.</summary>
    public long TextBytes { get; init; }

    /// <summary>Bytes of response body received.</summary>
    public long BytesReceived { get; init; }

    /// <summary>The clock that all timestamps come from.</summary>
    public TimeProvider Clock { get; init; }

    /// <summary>The moments of the call.</summary>
    public VllmCallTimings Timings { get; init; }

    /// <summary>The operation, as in <c>gen_ai.operation.name</c>: <c>chat</c>, <c>text_completion</c>.</summary>
    public string Operation { get; init; }

    /// <summary>The model asked for; null if the server's default served.</summary>
    public string? Model { get; init; }

    /// <summary>The model that answered; null if no answer said so.</summary>
    public string? ResponseModel { get; init; }

    /// <summary>The request id of the last attempt.</summary>
    public string? RequestId { get; init; }

    /// <summary>What went wrong, as in the metric attribute <c>error.type</c>; null on success.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Whether the answer was streamed.</summary>
    public bool IsStream { get; init; }

    /// <summary>How the call ended.</summary>
    public VllmCallOutcome Outcome { get; init; }

    /// <summary>The exception that the caller saw; null on success and on abandoned streams.</summary>
    public Exception? Error { get; init; }

    /// <summary>HTTP status of the last attempt; null if none arrived.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Attempts made; at least 1 once anything was sent.</summary>
    public int Attempts { get; init; }

    /// <summary>Content events received, over all choices.</summary>
    public int ContentEvents { get; init; }

    /// <summary>Output tokens up to and including the first content event, if running usage or token ids tell; else null.</summary>
    public int? FirstContentTokens { get; init; }

    /// <summary>Finish reason of choice 0; null if none arrived.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>The server's token counts; null if it sent none.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Longest pause between content events of a choice; null if there was no pause to measure.</summary>
    public TimeSpan? LongestStall { get; init; }

    /// <summary>Time the caller held the enumerator between two updates.</summary>
    public TimeSpan CallerTime { get; init; }
}

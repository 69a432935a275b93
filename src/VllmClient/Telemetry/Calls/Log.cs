using Microsoft.Extensions.Logging;

namespace Vllm.Telemetry;

/// <summary>Everything the client logs, category <c>VllmClient</c>. No message carries prompts, answers, keys, header values, or the words of a server.</summary>
static partial class Log
{
    [LoggerMessage(100, LogLevel.Debug, "Call {CallId} begins: {Operation} with model {Model}, streamed: {IsStream}.", EventName = "CallStarted")]
    internal static partial void CallStarted(ILogger logger, long callId, string operation, string? model, bool isStream);

    [LoggerMessage(101, LogLevel.Debug, "Call {CallId} ended as {Outcome} after {DurationSeconds} s: {Operation} with model {Model}, error {ErrorType}, status {StatusCode}, request {RequestId}, attempts {Attempts}, time to first token {TimeToFirstTokenSeconds} s, longest stall {LongestStallSeconds} s, content events {ContentEvents}, input tokens {InputTokens}, output tokens {OutputTokens}, bytes {BytesReceived}.", EventName = "CallEnded")]
    internal static partial void CallEnded(ILogger logger, long callId, VllmCallOutcome outcome, double durationSeconds, string operation, string? model, string? errorType, int? statusCode, string? requestId, int attempts, double? timeToFirstTokenSeconds, double? longestStallSeconds, int contentEvents, int? inputTokens, int? outputTokens, long bytesReceived);

    [LoggerMessage(102, LogLevel.Warning, "Call {CallId} failed with {ErrorType} after {DurationSeconds} s: {Operation} with model {Model} at {ServerAddress}:{ServerPort}, attempts {Attempts}, status {StatusCode}, request {RequestId}.", EventName = "CallFailed")]
    internal static partial void CallFailed(ILogger logger, long callId, string errorType, double durationSeconds, string operation, string? model, string serverAddress, int serverPort, int attempts, int? statusCode, string? requestId);

    [LoggerMessage(200, LogLevel.Warning, "Call {CallId}: attempt {Attempt} of {Operation} ended with {ErrorType}; the next one begins in {DelaySeconds} s.", EventName = "RetryScheduled")]
    internal static partial void RetryScheduled(ILogger logger, long callId, int attempt, string operation, string errorType, double delaySeconds);

    [LoggerMessage(201, LogLevel.Debug, "Call {CallId}: {ErrorType} is not retried: {Reason}.", EventName = "RetryRefused")]
    internal static partial void RetryRefused(ILogger logger, long callId, string errorType, string reason);

    [LoggerMessage(202, LogLevel.Warning, "The HTTP client given to VllmClient has a timeout of {TimeoutSeconds} s, which cuts long answers. Set HttpClient.Timeout to Timeout.InfiniteTimeSpan; VllmClient keeps its own deadlines.", EventName = "ForeignHttpTimeout")]
    internal static partial void ForeignHttpTimeout(ILogger logger, double timeoutSeconds);

    [LoggerMessage(203, LogLevel.Debug, "Call {CallId} waits at the gate of MaxConcurrentRequests.", EventName = "CallQueued")]
    internal static partial void CallQueued(ILogger logger, long callId);

    [LoggerMessage(300, LogLevel.Warning, "Call {CallId}: the stream ended before its answer was complete, after {ContentEvents} content events.", EventName = "StreamTruncated")]
    internal static partial void StreamTruncated(ILogger logger, long callId, int contentEvents);

    [LoggerMessage(301, LogLevel.Warning, "Call {CallId}: the server reported an error in the stream ({ErrorType}) after {ContentEvents} content events.", EventName = "StreamServerError")]
    internal static partial void StreamServerError(ILogger logger, long callId, string errorType, int contentEvents);

    [LoggerMessage(302, LogLevel.Warning, "Call {CallId}: an event of the stream could not be read, after {ContentEvents} content events.", EventName = "StreamMalformed")]
    internal static partial void StreamMalformed(ILogger logger, long callId, int contentEvents);

    [LoggerMessage(303, LogLevel.Warning, "Call {CallId}: the server stopped and gave up the answer after {ContentEvents} content events.", EventName = "AnswerAborted")]
    internal static partial void AnswerAborted(ILogger logger, long callId, int contentEvents);

    [LoggerMessage(304, LogLevel.Warning, "The answer's text looks like a tool call. The server probably runs without --enable-auto-tool-choice and --tool-call-parser. Said once per client.", EventName = "ToolCallInText")]
    internal static partial void ToolCallInText(ILogger logger);

    [LoggerMessage(305, LogLevel.Debug, "The request held what chats have no form for, and was sent without it: {Kinds}.", EventName = "ContentSkipped")]
    internal static partial void ContentSkipped(ILogger logger, string kinds);

    [LoggerMessage(306, LogLevel.Warning, "The server sent an answer without usage, so token metrics are missing. IncludeUsage should be true, and a proxy in between must let usage through. Said once per client.", EventName = "UsageMissing")]
    internal static partial void UsageMissing(ILogger logger);

    [LoggerMessage(400, LogLevel.Warning, "The configuration has a setting {Name} that VllmClient does not know; it is ignored.", EventName = "UnknownOption")]
    internal static partial void UnknownOption(ILogger logger, string name);

    [LoggerMessage(401, LogLevel.Debug, "ExtraBody replaces the request member {Name}.", EventName = "FieldOverridden")]
    internal static partial void FieldOverridden(ILogger logger, string name);

    [LoggerMessage(402, LogLevel.Debug, "The request held {Count} lone surrogates, sent as U+FFFD.", EventName = "SurrogateReplaced")]
    internal static partial void SurrogateReplaced(ILogger logger, int count);

    [LoggerMessage(403, LogLevel.Information, "Nothing sets the address of the server: neither code (BaseUrl) nor configuration (Vllm:BaseUrl, ConnectionStrings:vllm). Calls go to {BaseUrl}.", EventName = "DefaultBaseUrl")]
    internal static partial void DefaultBaseUrl(ILogger logger, Uri baseUrl);

    [LoggerMessage(404, LogLevel.Warning, "The configuration has a section {Section} that no registered client reads; it is ignored. Registered are: {Clients}.", EventName = "UnreadSection")]
    internal static partial void UnreadSection(ILogger logger, string section, string clients);

    [LoggerMessage(500, LogLevel.Warning, "An observer of type {ObserverType} threw {ExceptionType} and is dropped for its call. Said once per client.", EventName = "ObserverFailed")]
    internal static partial void ObserverFailed(ILogger logger, string observerType, string exceptionType);

    [LoggerMessage(501, LogLevel.Warning, "More than {MaxModels} model names were seen; metrics show the rest as _OTHER. Raise Telemetry.MaxModels, or map names with Telemetry.ModelName. Said once per client.", EventName = "ModelLimitReached")]
    internal static partial void ModelLimitReached(ILogger logger, int maxModels);

    [LoggerMessage(502, LogLevel.Warning, "The tag {Key} has had more than {Limit} different values; metrics show the rest as _OTHER. Tags are for few values; ids belong in traces. Said once per client.", EventName = "TagLimitReached")]
    internal static partial void TagLimitReached(ILogger logger, string key, int limit);
}

namespace Vllm.Wire;

/// <summary>Decides whether and how an event ends a streamed response.</summary>
static class ResponsesEnd
{
    internal enum Kind
    {
        /// <summary>More follows.</summary>
        None,

        /// <summary>The response is all there, up to its limits.</summary>
        Complete,

        /// <summary>It was given up.</summary>
        Cancelled,

        /// <summary>It failed.</summary>
        Failed,
    }

    internal static Kind Of(ResponsesEvent part) => part.Type switch
    {
        "response.completed" or "response.incomplete" => Of(part.Response),
        "response.failed" or "error" => Kind.Failed,
        "response.cancelled" => Kind.Cancelled,
        "" when part.Raw.TryGetProperty("error", out var error) && error.ValueKind != System.Text.Json.JsonValueKind.Null => Kind.Failed,
        _ => Kind.None,
    };

    /// <summary>How a response that came as one body ended.</summary>
    internal static Kind Of(ResponsesResult? response)
    {
        if (response?.Status == ResponsesStatus.Failed || response?.ErrorMessage is not null) return Kind.Failed;
        return response?.Status == ResponsesStatus.Cancelled ? Kind.Cancelled : Kind.Complete;
    }

    /// <summary>The server's words in the event that failed.</summary>
    internal static ServerError Error(ResponsesEvent part, ReadOnlySpan<byte> data) =>
        part.Response is { } response ? Error(response) : ErrorReader.Body(data) ?? new ServerError(null, null, null, null, false);

    internal static ServerError Error(ResponsesResult response) => new(response.ErrorMessage, null, null, response.ErrorCode, true);

    /// <summary>Why the response ended, in the words of chats, for telemetry.</summary>
    internal static FinishReason Reason(ResponsesResult? response)
    {
        if (response?.IncompleteReason is { } reason) return reason == "max_output_tokens" ? FinishReason.Length : new FinishReason(reason);
        return response?.Output is [.., { Type: "function_call" }] ? FinishReason.ToolCalls : FinishReason.Stop;
    }

    /// <summary>What kind of output an event brings; none for those that only frame it.</summary>
    internal static ContentKinds Content(ResponsesEvent part)
    {
        if (string.IsNullOrEmpty(part.Delta)) return ContentKinds.None;
        if (part.Type.Contains("reasoning", StringComparison.Ordinal)) return ContentKinds.Reasoning;
        return part.Type.Contains("arguments", StringComparison.Ordinal) ? ContentKinds.ToolCall : ContentKinds.Text;
    }
}

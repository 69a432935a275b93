using System.Text.Json;

namespace Vllm;

/// <summary>A response of the Responses API: what was generated, as items. By its id it can be fetched and continued if the server stores it.</summary>
public sealed record ResponsesResult : GenerationResult
{
    /// <summary>How far the response has come; null if the server did not say.</summary>
    public ResponsesStatus? Status { get; init; }

    /// <summary>What cut an incomplete response, for instance <c>max_output_tokens</c>; else null.</summary>
    public string? IncompleteReason { get; init; }

    /// <summary>The server's code for what failed; null unless a response that was fetched had failed.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The server's words for what failed; null unless a response that was fetched had failed. They can quote the request, so they are not for logs.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The items generated, in order.</summary>
    public IReadOnlyList<ResponsesItem> Output { get => field ?? []; init; }

    /// <summary>The response that this one continues; null if none.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>The whole response as it came; an undefined element for a part of one that broke off.</summary>
    public JsonElement Raw { get; init; }

    /// <summary>The text of all messages, joined; empty if there are none.</summary>
    public override string Text => string.Concat(Output.Where(item => item.Type == "message").Select(item => item.Text));

    /// <summary>The text of all reasoning, joined; a summary where that is all there is; null if there is no reasoning.</summary>
    public string? Reasoning
    {
        get
        {
            var parts = Output.Where(item => item.Type == "reasoning").SelectMany(item => item.Content.Count > 0 ? item.Content : item.Summary);
            var text = string.Concat(parts.Select(part => part.Text));
            return text.Length == 0 ? null : text;
        }
    }

    /// <summary>The functions called, in order; empty if none. A call's id is its <see cref="ResponsesItem.CallId"/>, to be given to <see cref="ResponsesItem.FunctionOutput"/>.</summary>
    public IReadOnlyList<ToolCall> FunctionCalls =>
        [.. Output.Where(item => item.Type == "function_call").Select(item => new ToolCall
        {
            Id = item.CallId ?? item.Id ?? "",
            Name = item.Name ?? "",
            Arguments = item.Arguments ?? "",
        })];
}

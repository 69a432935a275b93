using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AI = Microsoft.Extensions.AI;

namespace Vllm.ExtensionsAI;

/// <summary>Makes a chat request of messages and options of Microsoft.Extensions.AI.</summary>
static class RequestMapping
{
    static readonly VllmRequestOptions Marked = new() { IsAdapter = true };

    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options; null for none.</param>
    /// <param name="asker">Who asks the options for a request of its own.</param>
    /// <param name="model">The model where the options name none.</param>
    /// <param name="call">Settings of the call: they mark it as an adapter's, and name what could not be sent.</param>
    /// <exception cref="NotSupportedException">More than one choice is asked for, which the interface cannot express.</exception>
    internal static ChatRequest Request(IEnumerable<AI.ChatMessage> messages, AI.ChatOptions? options, AI.IChatClient asker, string? model, out VllmRequestOptions call)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var skipped = new SortedSet<string>(StringComparer.Ordinal);
        var conversation = MessageMapping.Messages(messages, options?.Instructions, skipped);
        var request = options?.RawRepresentationFactory?.Invoke(asker) as ChatRequest ?? new ChatRequest { Messages = [] };
        request = request with
        {
            Messages = request.Messages is { Count: > 0 } given ? given : conversation,
            Model = request.Model ?? options?.ModelId ?? model,
        };
        if (options is not null) request = Tools(Reasoning(Sampling(request, options), options), options, skipped);
        if (Choices(request) is > 1 and var choices)
            throw new NotSupportedException($"{choices} choices are asked for, but a chat response of Microsoft.Extensions.AI has room for one. Use IVllmClient.ChatAsync, or ask several times.");
        call = skipped.Count == 0 ? Marked : Marked with { SkippedContents = string.Join(", ", skipped) };
        return request;
    }

    // What the request of the caller's own says wins over the options.
    static ChatRequest Sampling(ChatRequest request, AI.ChatOptions options) => request with
    {
        MaxTokens = request.MaxTokens ?? options.MaxOutputTokens,
        Temperature = request.Temperature ?? Number(options.Temperature),
        TopP = request.TopP ?? Number(options.TopP),
        TopK = request.TopK ?? options.TopK,
        FrequencyPenalty = request.FrequencyPenalty ?? Number(options.FrequencyPenalty),
        PresencePenalty = request.PresencePenalty ?? Number(options.PresencePenalty),
        Seed = request.Seed ?? options.Seed,
        Stop = request.Stop ?? (options.StopSequences is { Count: > 0 } stops ? [.. stops] : null),
        ResponseFormat = request.ResponseFormat ?? (request.StructuredOutput is null ? Format(options.ResponseFormat) : null),
        ExtraBody = JsonMapping.Extra(request.ExtraBody, options.AdditionalProperties),
    };

    static ChatRequest Reasoning(ChatRequest request, AI.ChatOptions options) => request with
    {
        ReasoningEffort = request.ReasoningEffort ?? options.Reasoning?.Effort switch
        {
            AI.ReasoningEffort.None => ReasoningEffort.None,
            AI.ReasoningEffort.Low => ReasoningEffort.Low,
            AI.ReasoningEffort.Medium => ReasoningEffort.Medium,
            AI.ReasoningEffort.High => ReasoningEffort.High,
            AI.ReasoningEffort.ExtraHigh => ReasoningEffort.ExtraHigh,
            _ => null,
        },
        IncludeReasoning = request.IncludeReasoning ?? (options.Reasoning?.Output == AI.ReasoningOutput.None ? false : null),
    };

    static ChatRequest Tools(ChatRequest request, AI.ChatOptions options, SortedSet<string> skipped)
    {
        var tools = request.Tools ?? ToolMapping.Tools(options.Tools, skipped);
        var hasTools = tools is { Count: > 0 };
        return request with
        {
            Tools = tools,
            ToolChoice = request.ToolChoice ?? ToolMapping.Choice(options.ToolMode, hasTools),
            ParallelToolCalls = request.ParallelToolCalls ?? (hasTools ? options.AllowMultipleToolCalls : null),
        };
    }

    static ResponseFormat? Format(AI.ChatResponseFormat? format) => format switch
    {
        AI.ChatResponseFormatText => ResponseFormat.Text,
        AI.ChatResponseFormatJson { Schema: { ValueKind: JsonValueKind.Object } schema } json =>
            ResponseFormat.JsonSchema(string.IsNullOrWhiteSpace(json.SchemaName) ? "response" : json.SchemaName, schema, json.SchemaDescription),
        AI.ChatResponseFormatJson => ResponseFormat.JsonObject,
        _ => null,
    };

    static long? Choices(ChatRequest request)
    {
        if (request.ExtraBody?["n"] is JsonValue value && value.GetValueKind() == JsonValueKind.Number)
            return long.TryParse(value.ToJsonString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
        return request.N;
    }

    // 0.7 as a float is 0.699999988 as a double; the shortest text that names the float is what was meant.
    static double? Number(float? value) => value is { } number ? double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;
}

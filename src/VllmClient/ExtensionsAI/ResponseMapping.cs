using AI = Microsoft.Extensions.AI;

namespace Vllm.ExtensionsAI;

/// <summary>Makes a chat response of Microsoft.Extensions.AI of an answer.</summary>
static class ResponseMapping
{
    internal const string RefusalCode = "Refusal";

    internal static AI.ChatResponse Response(ChatResult result)
    {
        var choice = result.Choices.Count > 0 ? result.Choices[0] : new ChatChoice();
        var id = Id(result.Id, result.Info);
        var message = new AI.ChatMessage(AI.ChatRole.Assistant, Contents(choice.Message))
        {
            MessageId = id,
            CreatedAt = result.Created,
            RawRepresentation = choice.Message,
            AdditionalProperties = Properties(choice.StopReason, result.Info),
        };
        // A folded stream has them in its message, and those who ask for a whole answer look for them in the response.
        var properties = Properties(choice.StopReason, result.Info);
        foreach (var (name, value) in result.AdditionalProperties) properties.TryAdd(name, value);
        return new AI.ChatResponse(message)
        {
            ResponseId = id,
            ModelId = NullIfEmpty(result.Model),
            CreatedAt = result.Created,
            FinishReason = Finish(choice.FinishReason),
            Usage = result.Usage is { } usage ? Usage(usage) : null,
            RawRepresentation = result,
            AdditionalProperties = properties,
        };
    }

    internal static AI.ChatFinishReason? Finish(FinishReason? reason)
    {
        if (reason is not { } known || string.IsNullOrWhiteSpace(known.Value)) return null;
        if (known == FinishReason.Stop) return AI.ChatFinishReason.Stop;
        if (known == FinishReason.Length) return AI.ChatFinishReason.Length;
        return known == FinishReason.ToolCalls ? AI.ChatFinishReason.ToolCalls : new AI.ChatFinishReason(known.Value);
    }

    internal static AI.UsageDetails Usage(Usage usage)
    {
        var details = new AI.UsageDetails
        {
            InputTokenCount = usage.PromptTokens,
            OutputTokenCount = usage.CompletionTokens,
            TotalTokenCount = usage.TotalTokens,
            CachedInputTokenCount = usage.CachedTokens,
            ReasoningTokenCount = usage.ReasoningTokens,
        };
        if (usage.CreatedCacheTokens is { } created) (details.AdditionalCounts ??= [])["created_cache_tokens"] = created;
        if (usage.MultimodalTokens is { } multimodal) (details.AdditionalCounts ??= [])["multimodal_tokens"] = multimodal;
        return details;
    }

    internal static AI.AdditionalPropertiesDictionary Properties(StopReason? stop, CallInfo? info)
    {
        var properties = new AI.AdditionalPropertiesDictionary();
        if (stop is { } reason) properties["stop_reason"] = reason.TokenId is { } token ? token : reason.Text;
        if (NullIfEmpty(info?.RequestId) is { } id) properties["request_id"] = id;
        return properties;
    }

    internal static AI.ErrorContent Refusal(string words) => new(words) { ErrorCode = RefusalCode };

    /// <summary>The server's id of the answer; where a gateway leaves it out, the client's own id of the request.</summary>
    internal static string? Id(string id, CallInfo? info) => NullIfEmpty(id) ?? NullIfEmpty(info?.RequestId);

    internal static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    static List<AI.AIContent> Contents(ChatMessage message)
    {
        var contents = new List<AI.AIContent>();
        if (NullIfEmpty(message.Reasoning) is { } reasoning) contents.Add(new AI.TextReasoningContent(reasoning));
        if (NullIfEmpty(message.Content) is { } text) contents.Add(new AI.TextContent(text));
        if (NullIfEmpty(message.Refusal) is { } refusal) contents.Add(Refusal(refusal));
        foreach (var call in message.ToolCalls) contents.Add(ToolMapping.Call(call));
        return contents;
    }
}

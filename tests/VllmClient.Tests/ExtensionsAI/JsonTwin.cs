using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Vllm.Tests.ExtensionsAI;

/// <summary>The JSON answer that a recorded stream would have been without streaming, put together from its events without the library's readers.</summary>
static class JsonTwin
{
    internal static string Of(byte[] stream)
    {
        JsonObject? answer = null;
        var message = new JsonObject { ["role"] = "assistant", ["content"] = null };
        var choice = new JsonObject { ["index"] = 0, ["message"] = message };
        foreach (var line in Encoding.UTF8.GetString(stream).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            var part = JsonNode.Parse(line["data: ".Length..])!.AsObject();
            answer ??= new() { ["id"] = part["id"]!.DeepClone(), ["created"] = part["created"]!.DeepClone(), ["model"] = part["model"]!.DeepClone() };
            if (part["usage"] is { } usage) answer["usage"] = usage.DeepClone();
            foreach (var piece in part["choices"]!.AsArray()) Add(choice, message, piece!.AsObject());
        }

        answer!["choices"] = new JsonArray(choice);
        return answer.ToJsonString();
    }

    /// <summary>All that a response says but for the id of the request, which is another one with each call.</summary>
    internal static string Describe(ChatResponse response)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{response.ResponseId} {response.ModelId} {response.CreatedAt:O} finish={response.FinishReason} messages={response.Messages.Count}");
        foreach (var message in response.Messages)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{message.Role} {message.MessageId}");
            foreach (var content in message.Contents) text.AppendLine(Describe(content));
            foreach (var (name, value) in message.AdditionalProperties!.Where(property => property.Key != "request_id")) text.AppendLine(CultureInfo.InvariantCulture, $"{name}={value} {value?.GetType().Name}");
        }

        if (response.Usage is { } usage)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"usage {usage.InputTokenCount} {usage.OutputTokenCount} {usage.TotalTokenCount} cached={usage.CachedInputTokenCount} reasoning={usage.ReasoningTokenCount} {string.Join(',', usage.AdditionalCounts ?? [])}");
        }

        return text.ToString();
    }

    internal static string Describe(AIContent content) => content switch
    {
        TextReasoningContent reasoning => $"reasoning '{reasoning.Text}'",
        TextContent text => $"text '{text.Text}'",
        FunctionCallContent call => $"call {call.CallId} {call.Name}({string.Join(", ", (call.Arguments ?? new Dictionary<string, object?>()).Select(one => $"{one.Key}: {one.Value}"))}) {call.Exception?.GetType().Name}",
        ErrorContent error => $"error {error.ErrorCode} '{error.Message}'",
        _ => content.GetType().Name,
    };

    static void Add(JsonObject choice, JsonObject message, JsonObject piece)
    {
        if (piece["index"]!.GetValue<int>() != 0) return;
        foreach (var name in new[] { "finish_reason", "stop_reason" })
            if (piece[name] is { } value) choice[name] = value.DeepClone();
        foreach (var (name, value) in piece["delta"]!.AsObject())
        {
            if (name == "tool_calls") value!.AsArray().ToList().ForEach(call => AddCall(message, call!.AsObject()));
            else if (name != "role" && value is not null) message[name] = message[name]?.GetValue<string>() + value.GetValue<string>();
        }

        if (message["content"] is JsonValue text && text.GetValue<string>().Length == 0) message["content"] = null;
    }

    static void AddCall(JsonObject message, JsonObject delta)
    {
        var calls = (message["tool_calls"] ??= new JsonArray()).AsArray();
        var index = delta["index"]!.GetValue<int>();
        if (calls.Count == index)
            calls.Add(new JsonObject { ["id"] = delta["id"]!.DeepClone(), ["function"] = new JsonObject { ["name"] = delta["function"]!["name"]!.DeepClone(), ["arguments"] = "" } });
        var function = calls[index]!["function"]!;
        if (delta["function"]?["arguments"] is { } arguments) function["arguments"] = function["arguments"]!.GetValue<string>() + arguments.GetValue<string>();
    }
}

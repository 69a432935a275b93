using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AI = Microsoft.Extensions.AI;

namespace Vllm.ExtensionsAI;

/// <summary>Maps tools, and the calls and results of functions.</summary>
static class ToolMapping
{
    // The types that Microsoft.Extensions.AI knows, in the compact form that models read and write.
    static readonly JsonSerializerOptions Compact = new(AI.AIJsonUtilities.DefaultOptions)
    {
        WriteIndented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static readonly JsonTypeInfo<IDictionary<string, object?>> ArgumentsType =
        (JsonTypeInfo<IDictionary<string, object?>>)Compact.GetTypeInfo(typeof(IDictionary<string, object?>));

    internal static IReadOnlyList<ChatTool>? Tools(IList<AI.AITool>? tools, SortedSet<string> skipped)
    {
        if (tools is null or { Count: 0 }) return null;
        var mapped = new List<ChatTool>(tools.Count);
        foreach (var tool in tools)
        {
            if (tool is AI.AIFunctionDeclaration function) mapped.Add(ChatTool.From(function));
            else skipped.Add(tool.GetType().Name);
        }

        return mapped;
    }

    internal static ToolChoice? Choice(AI.ChatToolMode? mode, bool hasTools) => mode switch
    {
        AI.RequiredChatToolMode { RequiredFunctionName: { } name } => ToolChoice.Function(name),
        AI.RequiredChatToolMode => ToolChoice.Required,
        AI.NoneChatToolMode when hasTools => ToolChoice.None,
        AI.AutoChatToolMode when hasTools => ToolChoice.Auto,
        _ => null,
    };

    /// <summary>A call as it came from the model. Arguments that are no JSON object are told by its exception.</summary>
    internal static AI.FunctionCallContent Call(ToolCall call)
    {
        var content = string.IsNullOrWhiteSpace(call.Arguments)
            ? new AI.FunctionCallContent(call.Id, call.Name)
            : AI.FunctionCallContent.CreateFromParsedArguments(call.Arguments, call.Id, call.Name, static json => JsonSerializer.Deserialize(json, ArgumentsType));
        content.RawRepresentation = call;
        return content;
    }

    /// <summary>A call as history. Arguments that could not be read go back as none: servers refuse broken ones.</summary>
    internal static ToolCall Call(AI.FunctionCallContent call) => new()
    {
        Id = call.CallId,
        Name = call.Name,
        Arguments = call.Arguments is { } arguments ? Json(arguments, ArgumentsType) : "{}",
    };

    /// <summary>What a function returned, as the text that the model reads.</summary>
    internal static string Result(AI.FunctionResultContent content) => content.Result switch
    {
        null => "",
        string text => text,
        AI.TextContent text => text.Text,
        IEnumerable<AI.AIContent> contents when contents.All(one => one is AI.TextContent) => string.Concat(contents.OfType<AI.TextContent>().Select(one => one.Text)),
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString() ?? "",
        var value => Json(value, Compact.GetTypeInfo(typeof(object))),
    };

    static string Json(object value, JsonTypeInfo type)
    {
        try
        {
            return JsonSerializer.Serialize(value, type);
        }
        catch (NotSupportedException)
        {
            // Without reflection not every type has a JSON form; its own words are better than nothing.
            return value.ToString() ?? "";
        }
    }
}

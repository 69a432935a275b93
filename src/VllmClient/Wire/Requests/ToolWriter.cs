using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Writes tools, the choice among them, and the calls that an earlier answer made.</summary>
static class ToolWriter
{
    internal static void Tools(Utf8JsonWriter json, IReadOnlyList<ChatTool> tools)
    {
        json.WriteStartArray();
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            Members(json, tool);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Tools as the Responses API wants them: without an object around a function's members.</summary>
    internal static void FlatTools(Utf8JsonWriter json, IReadOnlyList<ChatTool> tools)
    {
        json.WriteStartArray();
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            Members(json, tool);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The choice as the Responses API wants it.</summary>
    internal static void FlatChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        if (!choice.IsFunction)
        {
            json.WriteStringValue(choice.Value);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteString("name", choice.Value);
        json.WriteEndObject();
    }

    internal static void Choice(Utf8JsonWriter json, ToolChoice choice)
    {
        if (!choice.IsFunction)
        {
            json.WriteStringValue(choice.Value);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", choice.Value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    internal static void Calls(Utf8JsonWriter json, IReadOnlyList<ToolCall> calls)
    {
        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void Members(Utf8JsonWriter json, ChatTool tool)
    {
        json.WriteString("name", tool.Name);
        if (tool.Description is not null) json.WriteString("description", tool.Description);
        if (tool.Parameters is { } parameters)
        {
            json.WritePropertyName("parameters");
            parameters.WriteTo(json);
        }

        if (tool.Strict is { } strict) json.WriteBoolean("strict", strict);
    }
}

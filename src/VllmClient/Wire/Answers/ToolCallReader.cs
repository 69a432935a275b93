using System.Text;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads the tool calls of a delta or a message. Arguments may be a string, any other JSON, or absent.</summary>
static class ToolCallReader
{
    /// <summary>The calls or pieces of calls; null if there is none.</summary>
    internal static List<ToolCallDelta>? Read(ref Utf8JsonReader reader, AnswerChoice choice)
    {
        if (!Json.Opens(ref reader, JsonTokenType.StartArray)) return null;
        List<ToolCallDelta>? calls = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) (calls ??= []).Add(Call(ref reader, choice));
            else reader.Skip();
        }

        return calls;
    }

    static ToolCallDelta Call(ref Utf8JsonReader reader, AnswerChoice choice)
    {
        int? index = null;
        string? id = null, name = null, arguments = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8)) choice.HasBadIndex |= !Json.TryIndex(ref reader, AnswerEvent.MaxChoices, out index);
            else if (reader.ValueTextEquals("id"u8)) id = Json.String(ref reader);
            else if (reader.ValueTextEquals("function"u8)) Function(ref reader, ref name, ref arguments);
            else Json.Skip(ref reader);
        }

        if (arguments is not null) choice.ToolLength += Encoding.UTF8.GetByteCount(arguments);
        return new ToolCallDelta { Index = index, Id = id, Name = name, Arguments = arguments };
    }

    static void Function(ref Utf8JsonReader reader, ref string? name, ref string? arguments)
    {
        if (!Json.Opens(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8)) name = Json.String(ref reader);
            else if (reader.ValueTextEquals("arguments"u8)) arguments = Json.Text(ref reader);
            else Json.Skip(ref reader);
        }
    }
}

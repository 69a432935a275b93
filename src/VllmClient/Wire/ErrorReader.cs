using System.Text;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads the errors of vLLM, of older versions and of gateways: an object, a string, a flat object, <c>detail</c>.</summary>
static class ErrorReader
{
    const int LongestText = 16 * 1024;

    /// <summary>The error in a response body; null if the body is not JSON or holds none.</summary>
    internal static ServerError? Body(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read()) return null;
            if (reader.TokenType == JsonTokenType.String) return new ServerError(JsonText.Read(ref reader), null, null, null, false);
            return reader.TokenType == JsonTokenType.StartObject ? Outer(ref reader) : null;
        }
        // The reader throws the latter for names that are no text.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The error in an event that is named one. What has no form of an error is its message.</summary>
    internal static ServerError Event(ReadOnlySpan<byte> data) =>
        Body(data) ?? new ServerError(data.IsEmpty ? null : Encoding.UTF8.GetString(data[..Math.Min(data.Length, LongestText)]), null, null, null, false);

    /// <summary>The value of a member named <c>error</c>, the reader standing on its name; null for JSON null.</summary>
    internal static ServerError? Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return new ServerError(JsonText.Read(ref reader), null, null, null, false);
            case JsonTokenType.StartObject:
                return Members(ref reader) with { IsObject = true };
            default:
                var text = JsonElement.ParseValue(ref reader).GetRawText();
                return new ServerError(text, null, null, null, false);
        }
    }

    static ServerError? Outer(ref Utf8JsonReader reader)
    {
        string? detail = null;
        ServerError? error = null;
        var flat = new ServerError(null, null, null, null, false);
        var isFlatError = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("error"u8)) error = Value(ref reader) ?? error;
            else if (reader.ValueTextEquals("detail"u8)) detail = Json.Text(ref reader);
            else if (reader.ValueTextEquals("object"u8)) isFlatError = Json.Text(ref reader) == "error";
            else flat = Member(ref reader, flat);
        }

        if (error is not null) return error;
        if (detail is not null) return new ServerError(detail, null, null, null, false);
        return flat.Message is null && !isFlatError ? null : flat with { IsObject = isFlatError };
    }

    static ServerError Members(ref Utf8JsonReader reader)
    {
        var error = new ServerError(null, null, null, null, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) error = Member(ref reader, error);
        return error;
    }

    static ServerError Member(ref Utf8JsonReader reader, ServerError error)
    {
        if (reader.ValueTextEquals("message"u8)) return error with { Message = Json.Text(ref reader) };
        if (reader.ValueTextEquals("type"u8)) return error with { Type = Json.Text(ref reader) };
        if (reader.ValueTextEquals("param"u8)) return error with { Param = Json.Text(ref reader) };
        if (reader.ValueTextEquals("code"u8)) return error with { Code = Json.Text(ref reader) };
        Json.Skip(ref reader);
        return error;
    }
}

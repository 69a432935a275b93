using System.Text;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads the value behind a property name. A value of another kind than wanted counts as absent: servers and gateways differ, and a stream must not die of it.</summary>
static class Json
{
    internal static int? Integer(ref Utf8JsonReader reader)
    {
        var value = Long(ref reader);
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : null;
    }

    /// <summary>How many of something there are; a negative number is no count.</summary>
    internal static int? Count(ref Utf8JsonReader reader) => Integer(ref reader) is { } count and >= 0 ? count : null;

    internal static long? Long(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number) return Whole(ref reader);
        reader.Skip();
        return null;
    }

    /// <summary>A place in a list, from 0; null if the value is no number.</summary>
    /// <exception cref="JsonException">The number is no place: negative, or not whole, or beyond any list.</exception>
    internal static int? Index(ref Utf8JsonReader reader) =>
        TryIndex(ref reader, int.MaxValue, out var index) ? index : throw new JsonException("An index is no place in a list.");

    /// <summary>A place in a list of limited length, from 0; null if the value is no number.</summary>
    /// <returns>Whether the number, if it is one, is such a place.</returns>
    internal static bool TryIndex(ref Utf8JsonReader reader, int limit, out int? index)
    {
        index = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number)
        {
            reader.Skip();
            return true;
        }

        if (Whole(ref reader) is not { } place || place < 0 || place >= limit) return false;
        index = (int)place;
        return true;
    }

    /// <summary>Seconds since 1970 as a time; null for what is none.</summary>
    internal static DateTimeOffset? Time(ref Utf8JsonReader reader) =>
        Long(ref reader) is { } seconds and >= 0 and <= 253402300799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    internal static double? Double(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)) return value;
        reader.Skip();
        return null;
    }

    internal static string? String(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return JsonText.Read(ref reader);
        reader.Skip();
        return null;
    }

    /// <summary>Whole numbers from 0, such as token ids; null if one of them is none, since without it the others would move up.</summary>
    internal static List<int>? Integers(ref Utf8JsonReader reader)
    {
        if (!Opens(ref reader, JsonTokenType.StartArray)) return null;
        List<int>? values = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number && Whole(ref reader) is { } value and >= 0 and <= int.MaxValue) values?.Add((int)value);
            else
            {
                values = null;
                reader.Skip();
            }
        }

        return values;
    }

    /// <summary>Passes over the value.</summary>
    internal static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>Steps into the value if it begins as wanted, else passes over it.</summary>
    internal static bool Opens(ref Utf8JsonReader reader, JsonTokenType kind = JsonTokenType.StartObject)
    {
        reader.Read();
        if (reader.TokenType == kind) return true;
        reader.Skip();
        return false;
    }

    /// <summary>The value as text: a string as it is, null as null, anything else as its JSON.</summary>
    internal static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => JsonText.Read(ref reader),
            _ => JsonElement.ParseValue(ref reader).GetRawText(),
        };
    }

    /// <summary>The texts of a list of content parts, the reader standing on its beginning, joined.</summary>
    internal static string TextParts(ref Utf8JsonReader reader)
    {
        var text = new StringBuilder();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("text"u8)) text.Append(String(ref reader));
                else Skip(ref reader);
            }
        }

        return text.ToString();
    }

    /// <summary>The whole of some JSON, detached from the buffer that holds it.</summary>
    internal static JsonElement Whole(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>Any value but null, detached from the buffer that it was read from.</summary>
    internal static JsonElement? Element(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : JsonElement.ParseValue(ref reader);
    }

    // The number at the reader, if it is a whole one, however it is written.
    static long? Whole(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var whole)) return whole;
        return reader.TryGetDouble(out var number) && Math.Abs(number) < long.MaxValue && Math.Floor(number) == number ? (long)number : null;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads JSON strings that a model wrote, which may hold lone surrogates or bytes that are no UTF-8.</summary>
static class JsonText
{
    /// <summary>The string at the reader; null for JSON null. What cannot be decoded becomes U+FFFD.</summary>
    internal static string? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType != JsonTokenType.String) return Encoding.UTF8.GetString(reader.ValueSpan);
        if (reader.ValueSpan.IsEmpty) return "";
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return Repair(reader.ValueSpan);
        }
    }

    /// <summary>Length of the string at the reader in UTF-8 bytes, without making a string.</summary>
    internal static int Length(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return 0;
        return reader.ValueIsEscaped ? Unescaped(reader.ValueSpan) : reader.ValueSpan.Length;
    }

    // Counted, not copied: the text may be as long as the longest event.
    static int Unescaped(ReadOnlySpan<byte> raw)
    {
        var length = 0;
        while (raw.IndexOf((byte)'\\') is >= 0 and var escape)
        {
            length += escape;
            raw = raw[(escape + 1)..];
            if (!TryUnit(raw, out var unit))
            {
                length++;
                raw = raw[1..];
                continue;
            }

            raw = raw[5..];
            if (char.IsHighSurrogate(unit) && raw.Length > 5 && raw[0] == (byte)'\\' && TryUnit(raw[1..], out var low) && char.IsLowSurrogate(low))
            {
                length += 4;
                raw = raw[6..];
            }
            else
            {
                // A lone surrogate becomes U+FFFD, which has as many bytes as any other of its height.
                length += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
            }
        }

        return length + raw.Length;
    }

    // The unit of UTF-16 behind a backslash.
    static bool TryUnit(ReadOnlySpan<byte> escape, out char unit)
    {
        unit = default;
        if (escape.Length < 5 || escape[0] != (byte)'u' || !ushort.TryParse(escape.Slice(1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        unit = (char)value;
        return true;
    }

    static string Repair(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            var escape = raw.IndexOf((byte)'\\');
            if (escape < 0 || escape + 1 >= raw.Length)
            {
                text.Append(Encoding.UTF8.GetString(raw));
                break;
            }

            text.Append(Encoding.UTF8.GetString(raw[..escape]));
            raw = raw[(escape + 1)..];
            if (TryUnit(raw, out var unit))
            {
                text.Append(unit);
                raw = raw[5..];
            }
            else
            {
                text.Append(Unescape((char)raw[0]));
                raw = raw[1..];
            }
        }

        return ReplaceLoneSurrogates(text.ToString());
    }

    static char Unescape(char letter) => letter switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\b',
        'f' => '\f',
        _ => letter,
    };

    static string ReplaceLoneSurrogates(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}

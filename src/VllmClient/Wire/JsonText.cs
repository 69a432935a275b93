using System.Buffers;
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
        if (!reader.ValueIsEscaped) return reader.ValueSpan.Length;
        var scratch = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return reader.CopyString(scratch);
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetByteCount(Repair(reader.ValueSpan));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
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
            if (raw[0] == (byte)'u' && raw.Length >= 5 && ushort.TryParse(raw.Slice(1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var unit))
            {
                text.Append((char)unit);
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

using System.Text;

namespace Vllm.Resources;

/// <summary>A place in one line of a metrics page. The span ends with the line; positions are those of the page.</summary>
ref struct PrometheusLine(ReadOnlySpan<byte> text, int start)
{
    const int MaxValue = 4096;

    readonly ReadOnlySpan<byte> _text = text;

    public int Position { get; private set; } = start;

    public readonly bool AtEnd => Position >= _text.Length;

    public readonly byte Peek() => AtEnd ? (byte)0 : _text[Position];

    public void SkipBlanks()
    {
        while (!AtEnd && _text[Position] is (byte)' ' or (byte)'\t') Position++;
    }

    /// <summary>The text up to the next blank; empty at the end.</summary>
    public ReadOnlySpan<byte> Word()
    {
        SkipBlanks();
        var rest = _text[Position..];
        var length = rest.IndexOfAny((byte)' ', (byte)'\t');
        if (length < 0) length = rest.Length;
        Position += length;
        return rest[..length];
    }

    public bool TryName(out int start, out int end)
    {
        start = Position;
        while (!AtEnd && IsNamePart(_text[Position], Position > start)) Position++;
        end = Position;
        return end > start;
    }

    /// <summary>The labels in braces, if there are any. A quoted name may stand in them in front of the labels.</summary>
    public bool TryLabels(Span<LabelPlace> places, out int count, ref int nameStart, ref int nameEnd)
    {
        count = 0;
        SkipBlanks();
        if (Peek() != '{') return true;
        Position++;
        while (true)
        {
            SkipBlanks();
            if (Peek() == '}')
            {
                Position++;
                return true;
            }

            var quoted = Peek() == '"';
            if (quoted ? !TryQuoted(out var labelStart, out var labelEnd) : !TryName(out labelStart, out labelEnd)) return false;
            SkipBlanks();
            if (quoted && nameEnd == nameStart && Peek() is (byte)',' or (byte)'}') (nameStart, nameEnd) = (labelStart, labelEnd);
            else
            {
                if (Peek() != '=') return false;
                Position++;
                SkipBlanks();
                if (!TryQuoted(out var valueStart, out var valueEnd) || count == places.Length) return false;
                places[count++] = new(labelStart, labelEnd, valueStart, valueEnd);
                SkipBlanks();
            }

            if (Peek() == ',') Position++;
            else if (Peek() != '}') return false;
        }
    }

    bool TryQuoted(out int start, out int end)
    {
        start = end = Position + 1;
        if (Peek() != '"') return false;
        Position++;
        while (true)
        {
            if (AtEnd) return false;
            var next = _text[Position..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0 || Position + next - start > MaxValue) return false;
            Position += next;
            if (_text[Position] == '"') break;
            if (Position + 1 >= _text.Length || _text[Position + 1] is not ((byte)'\\' or (byte)'"' or (byte)'n')) return false;
            Position += 2;
        }

        end = Position++;
        return true;
    }

    static bool IsNamePart(byte b, bool digitToo) =>
        b is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'_' or (byte)':' || (digitToo && b is >= (byte)'0' and <= (byte)'9');

    /// <summary>A label's value without its escapes.</summary>
    public static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length) plain.Append(text[i]);
            else plain.Append(text[++i] == 'n' ? '\n' : text[i]);
        }

        return plain.ToString();
    }
}

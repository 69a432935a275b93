using System.Buffers.Text;
using System.Text;

namespace Vllm.Simulator.Engine;

/// <summary>A growing run of bytes with the few things that writing JSON by hand needs.</summary>
sealed class ByteBuffer(int capacity = 64)
{
    byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public ByteBuffer Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
        return this;
    }

    public ByteBuffer Append(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        Length += written;
        return this;
    }

    public ByteBuffer Append(string text)
    {
        Length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
        return this;
    }

    /// <summary>A JSON string with its quotes, or null.</summary>
    public ByteBuffer AppendString(string? text)
    {
        if (text is null)
        {
            return Append("null"u8);
        }

        Append("\""u8);
        AppendEscaped(Encoding.UTF8.GetBytes(text));
        return Append("\""u8);
    }

    /// <summary>UTF-8 as it stands inside a JSON string: only quotes, backslashes and control characters are escaped.</summary>
    public ByteBuffer AppendEscaped(ReadOnlySpan<byte> utf8)
    {
        foreach (var value in utf8)
        {
            if (value is (byte)'"' or (byte)'\\')
            {
                Append([(byte)'\\', value]);
            }
            else if (value < 0x20)
            {
                AppendControl(value);
            }
            else
            {
                Append([value]);
            }
        }

        return this;
    }

    /// <summary>Removes the first bytes.</summary>
    public void RemoveFirst(int count)
    {
        _bytes.AsSpan(count, Length - count).CopyTo(_bytes);
        Length -= count;
    }

    void AppendControl(byte value)
    {
        switch (value)
        {
            case (byte)'\n': Append("\\n"u8); break;
            case (byte)'\r': Append("\\r"u8); break;
            case (byte)'\t': Append("\\t"u8); break;
            case (byte)'\b': Append("\\b"u8); break;
            case (byte)'\f': Append("\\f"u8); break;
            default: Append("\\u00"u8).Append([Hex(value >> 4), Hex(value & 15)]); break;
        }
    }

    static byte Hex(int digit) => (byte)"0123456789abcdef"[digit];

    Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }
}

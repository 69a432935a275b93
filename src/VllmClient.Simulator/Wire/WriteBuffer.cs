using System.Globalization;
using Vllm.Simulator.Engine;

namespace Vllm.Simulator.Wire;

/// <summary>Bytes written and not yet read, with the chunked framing if the transport wants it.</summary>
sealed class WriteBuffer(bool isFramed)
{
    /// <summary>The most that one read returns.</summary>
    public const int ReadLimit = 64 * 1024;

    readonly ByteBuffer _bytes = new();
    int _read;
    int _events;

    public bool IsEmpty => _read == _bytes.Length;

    /// <summary>One event: one chunk of the framing. False if its bytes have to wait for the reader: a transport's own write, or a full pipe.</summary>
    public bool AddEvent(ReadOnlySpan<byte> head, ReadOnlySpan<byte> text, ReadOnlySpan<byte> tail, bool hasTokens)
    {
        if (isFramed)
        {
            Span<byte> size = stackalloc byte[8];
            (head.Length + text.Length + tail.Length).TryFormat(size, out var digits, "x", CultureInfo.InvariantCulture);
            _bytes.Append(size[..digits]).Append("\r\n"u8);
        }

        _bytes.Append(head).Append(text).Append(tail);
        if (isFramed)
        {
            _bytes.Append("\r\n"u8);
        }

        var isWritten = !isFramed && _events == 0 && _bytes.Length - _read <= ReadLimit;
        _events += hasTokens && !isWritten ? 1 : 0;
        return isWritten;
    }

    public void AddBody(ReadOnlySpan<byte> body) => _bytes.Append(body);

    /// <summary>The empty chunk that ends a framed stream.</summary>
    public void AddEnd()
    {
        if (isFramed)
        {
            _bytes.Append("0\r\n\r\n"u8);
        }
    }

    /// <summary>Moves bytes to the reader; tells how many events with tokens had waited for that.</summary>
    public int Take(Span<byte> destination, out int events)
    {
        events = 0;
        var count = Math.Min(Math.Min(_bytes.Length - _read, ReadLimit), destination.Length);
        _bytes.Written.Slice(_read, count).CopyTo(destination);
        _read += count;
        if (IsEmpty)
        {
            _bytes.Clear();
            _read = 0;
        }

        if (isFramed ? IsEmpty : _bytes.Length - _read < ReadLimit)
        {
            (events, _events) = (_events, 0);
        }

        return count;
    }
}

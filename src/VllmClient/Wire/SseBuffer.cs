using System.Buffers;

namespace Vllm.Wire;

/// <summary>Splits the bytes of an event stream into the data of its events, without copying unless an event has several data lines.</summary>
/// <remarks>Accepts what the standard allows: LF, CR and CRLF, a byte order mark, comments, other fields, data over several lines, any split between reads.</remarks>
sealed class SseBuffer : IDisposable
{
    const int MaxEventBytes = 64 * 1024 * 1024;

    byte[] _buffer = ArrayPool<byte>.Shared.Rent(8 * 1024);
    byte[]? _joined;
    int _start;
    int _end;
    int _scanned;
    int _joinedLength;
    int _dataStart;
    int _dataLength = -1;
    bool _isJoined;
    bool _eventTaken;
    bool _skipLineFeed;
    bool _begun;

    /// <summary>The data of the event that was read last; valid until the next call.</summary>
    internal ReadOnlySpan<byte> Data => _isJoined ? _joined.AsSpan(0, _joinedLength) : _buffer.AsSpan(_dataStart, _dataLength);

    /// <summary>Whether an event is longer than anything a server has reason to send.</summary>
    internal bool IsOverlong => _end - _start + _joinedLength > MaxEventBytes;

    /// <summary>Makes room for the next read.</summary>
    internal Memory<byte> Space()
    {
        if (_eventTaken) ForgetData();
        var keep = _dataLength >= 0 && !_isJoined ? _dataStart : _start;
        if (keep > 0)
        {
            Buffer.BlockCopy(_buffer, keep, _buffer, 0, _end - keep);
            _end -= keep;
            _start -= keep;
            _scanned -= keep;
            _dataStart -= keep;
        }

        if (_buffer.Length - _end < 4 * 1024)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            Buffer.BlockCopy(_buffer, 0, larger, 0, _end);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Tells how many bytes the read brought.</summary>
    internal void Filled(int count) => _end += count;

    /// <summary>Reads the next event that has data.</summary>
    /// <returns>Whether a whole event was there; its data is then in <see cref="Data"/>.</returns>
    internal bool TryRead()
    {
        if (_eventTaken) ForgetData();
        while (TryLine(out var lineStart, out var lineLength))
        {
            if (lineLength > 0) Field(lineStart, lineLength);
            else if (_dataLength >= 0 || _isJoined) return _eventTaken = true;
        }

        return false;
    }

    /// <summary>At the end of the body: whether the last, unfinished line holds data. An event without its blank line counts only for the terminal marker.</summary>
    internal bool TryReadRest()
    {
        if (_eventTaken) ForgetData();
        if (_end > _start)
        {
            var length = _end - _start;
            Field(_start, length);
            _start = _scanned = _end;
        }

        return _eventTaken = _dataLength >= 0 || _isJoined;
    }

    public void Dispose()
    {
        if (_buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        if (_joined is not null) ArrayPool<byte>.Shared.Return(_joined);
        _buffer = [];
        _joined = null;
        _start = _end = _scanned = 0;
        ForgetData();
    }

    void ForgetData()
    {
        _dataLength = -1;
        _joinedLength = 0;
        _isJoined = false;
        _eventTaken = false;
    }

    bool TryLine(out int start, out int length)
    {
        if (_skipLineFeed && _start < _end)
        {
            if (_buffer[_start] == (byte)'\n') _start++;
            _skipLineFeed = false;
        }

        if (_scanned < _start) _scanned = _start;
        var at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\n', (byte)'\r');
        if (at < 0)
        {
            _scanned = _end;
            start = length = 0;
            return false;
        }

        start = _start;
        length = _scanned + at - _start;
        _skipLineFeed = _buffer[_scanned + at] == (byte)'\r';
        _start = _scanned = _scanned + at + 1;
        return true;
    }

    void Field(int start, int length)
    {
        var line = _buffer.AsSpan(start, length);
        if (!_begun)
        {
            _begun = true;
            if (line.StartsWith("\uFEFF"u8))
            {
                line = line[3..];
                start += 3;
                length -= 3;
            }
        }

        if (!line.StartsWith("data"u8)) return;
        if (line.Length > 4 && line[4] != (byte)':') return;
        var skip = line.Length == 4 ? 4 : line.Length > 5 && line[5] == (byte)' ' ? 6 : 5;
        AddData(start + skip, length - skip);
    }

    // The first data line stays where it is. A second one, or a read that would move it, brings all of them into a buffer of their own.
    void AddData(int start, int length)
    {
        if (_dataLength < 0 && !_isJoined)
        {
            _dataStart = start;
            _dataLength = length;
            return;
        }

        if (!_isJoined) Join(_buffer.AsSpan(_dataStart, _dataLength), first: true);
        Join(_buffer.AsSpan(start, length), first: false);
        _dataLength = 0;
    }

    void Join(ReadOnlySpan<byte> data, bool first)
    {
        var needed = _joinedLength + data.Length + 1;
        _joined ??= ArrayPool<byte>.Shared.Rent(Math.Max(needed, 1024));
        if (_joined.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed * 2);
            _joined.AsSpan(0, _joinedLength).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_joined);
            _joined = larger;
        }

        if (!first) _joined[_joinedLength++] = (byte)'\n';
        data.CopyTo(_joined.AsSpan(_joinedLength));
        _joinedLength += data.Length;
        _isJoined = true;
    }
}

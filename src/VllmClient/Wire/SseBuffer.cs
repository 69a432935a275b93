namespace Vllm.Wire;

/// <summary>Splits the bytes of an event stream into the data of its events, all of it in one buffer.</summary>
/// <remarks>Accepts what the standard allows: LF, CR and CRLF, a byte order mark, comments, other fields, data over several lines, any split between reads.</remarks>
sealed class SseBuffer : IDisposable
{
    const int MaxEventBytes = 64 * 1024 * 1024;
    const int UsualBytes = 8 * 1024;
    const int LeastRoom = 4 * 1024;

    byte[] _buffer = Buffers.Rent<byte>(UsualBytes);
    int _start; // of the line at hand
    int _end;
    int _scanned;
    int _dataStart;
    int _dataLength = -1; // -1: the event has no data so far
    bool _eventTaken;
    bool _skipLineFeed;
    bool _begun;

    /// <summary>The data of the event that was read last; valid until the next call.</summary>
    internal ReadOnlySpan<byte> Data => _buffer.AsSpan(_dataStart, _dataLength);

    /// <summary>Whether the event that was read last is named <c>error</c>.</summary>
    internal bool IsError { get; private set; }

    /// <summary>Once no whole event is left: whether the one at hand is longer than anything a server has reason to send.</summary>
    internal bool IsOverlong => Kept + Rest > MaxEventBytes;

    int Kept => Math.Max(_dataLength, 0);

    int Rest => _end - _start;

    /// <summary>Makes room for the next read.</summary>
    internal Memory<byte> Space()
    {
        if (_eventTaken) ForgetData();
        // A long event has passed: its memory is not held for the short ones that follow.
        if (_buffer.Length > Buffers.LargestRented && Kept + Rest <= UsualBytes - LeastRoom) MoveTo(Buffers.Rent<byte>(UsualBytes));
        else MoveTo(_buffer);
        if (_buffer.Length - _end < LeastRoom) _buffer = Buffers.Grow(_buffer, _end, MaxEventBytes + LeastRoom);
        return _buffer.AsMemory(_end);
    }

    /// <summary>Tells how many bytes the read brought.</summary>
    internal void Filled(int count) => _end += count;

    /// <summary>Reads the next event that has data, or that is named <c>error</c>.</summary>
    /// <returns>Whether a whole event was there; its data is then in <see cref="Data"/>.</returns>
    internal bool TryRead()
    {
        if (_eventTaken) ForgetData();
        while (TryLine(out var lineStart, out var lineLength))
        {
            if (lineLength > 0) Field(lineStart, lineLength);
            else if (TakeEvent()) return true;
        }

        return false;
    }

    /// <summary>At the end of the body: whether the last, unfinished line holds data. An event without its blank line counts only for the terminal marker and for errors.</summary>
    internal bool TryReadRest()
    {
        if (_eventTaken) ForgetData();
        if (_end > _start)
        {
            Field(_start, Rest);
            _start = _scanned = _end;
        }

        return TakeEvent();
    }

    public void Dispose()
    {
        Buffers.Return(_buffer);
        _buffer = [];
        _start = _end = _scanned = _dataStart = 0;
        ForgetData();
    }

    bool TakeEvent()
    {
        if (IsError && _dataLength < 0) (_dataStart, _dataLength) = (0, 0);
        return _eventTaken = _dataLength >= 0;
    }

    void ForgetData()
    {
        _dataLength = -1;
        _eventTaken = false;
        IsError = false;
    }

    // The data that is there to the front, and the line at hand right behind it.
    void MoveTo(byte[] target)
    {
        var (kept, rest) = (Kept, Rest);
        if (target != _buffer || _dataStart > 0) Buffer.BlockCopy(_buffer, _dataStart, target, 0, kept);
        if (target != _buffer || _start > kept) Buffer.BlockCopy(_buffer, _start, target, kept, rest);
        _scanned -= _start - kept;
        (_dataStart, _start, _end) = (0, kept, kept + rest);
        if (target == _buffer) return;
        Buffers.Return(_buffer);
        _buffer = target;
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
            }
        }

        if (line.StartsWith("data"u8))
        {
            if (ValueAt(line, 4) is >= 0 and var value) AddData(start + value, line.Length - value);
        }
        else if (line.StartsWith("event"u8) && ValueAt(line, 5) is >= 0 and var name)
        {
            IsError = line[name..].SequenceEqual("error"u8);
        }
    }

    // Where the value begins behind a name of this length; -1 if the line has a longer name.
    static int ValueAt(ReadOnlySpan<byte> line, int name)
    {
        if (line.Length == name) return name;
        if (line[name] != (byte)':') return -1;
        return line.Length > name + 1 && line[name + 1] == (byte)' ' ? name + 2 : name + 1;
    }

    // The first data line stays where it is. Further ones move up to it, over their own names, so that no second buffer is needed.
    void AddData(int start, int length)
    {
        if (_dataLength < 0)
        {
            (_dataStart, _dataLength) = (start, length);
            return;
        }

        var end = _dataStart + _dataLength;
        _buffer[end] = (byte)'\n';
        Buffer.BlockCopy(_buffer, start, _buffer, end + 1, length);
        _dataLength += 1 + length;
    }
}

namespace Vllm.Load;

/// <summary>Everything recorded of one turn, in at most 96 bytes.</summary>
/// <remarks>Times are whole ticks of 100 ns since the run started; null where the turn never got there. Definition: measuring.md#stamps.</remarks>
public readonly record struct TurnRecord
{
    const int SeveralChoices = 0x80;
    const int OutcomeBits = 0x7F;

    readonly long _begun;
    readonly long _sent;
    readonly long _firstContent;
    readonly long _lastContent;
    readonly long _ended;
    readonly long _ceilingWait;
    readonly int _input;
    readonly int _output;
    readonly int _cached;
    readonly int _chunks;
    readonly int _user;
    readonly int _longestGap;
    readonly ushort _firstChunkTokens;
    readonly ushort _error;
    readonly byte _phase;
    readonly byte _outcome;
    readonly byte _attempts;
    readonly byte _calls;

    /// <summary>Creates a record in which nothing has happened yet.</summary>
    public TurnRecord()
    {
        _begun = _sent = _firstContent = _lastContent = _ended = _ceilingWait = -1;
        _input = _output = _cached = _chunks = _user = _longestGap = -1;
    }

    /// <summary>The turn's number, from 0; the warm-up counts on its own.</summary>
    public long Index { get; init; }

    /// <summary>When the turn was due; for a user, when the user was ready.</summary>
    public long Due { get; init; }

    /// <summary>When the work was called; null if the turn was dropped.</summary>
    public long? Begun { get => Optional(_begun); init => _begun = value ?? -1; }

    /// <summary>When the first call was last handed to HTTP; for other work, <see cref="Begun"/>.</summary>
    public long? Sent { get => Optional(_sent); init => _sent = value ?? -1; }

    /// <summary>When the first content arrived.</summary>
    public long? FirstContent { get => Optional(_firstContent); init => _firstContent = value ?? -1; }

    /// <summary>When the last content arrived, or the whole body where nothing is streamed.</summary>
    public long? LastContent { get => Optional(_lastContent); init => _lastContent = value ?? -1; }

    /// <summary>When the work was done; null if the turn was dropped.</summary>
    public long? Ended { get => Optional(_ended); init => _ended = value ?? -1; }

    /// <summary>The part of the wait between due and begun that the ceiling of running turns caused, or of the wait until the drain was over; null if there was none.</summary>
    public long? CeilingWait { get => Optional(_ceilingWait); init => _ceilingWait = value ?? -1; }

    /// <summary>Prompt tokens, by the server's usage.</summary>
    public int? InputTokens { get => Optional(_input); init => _input = value ?? -1; }

    /// <summary>Output tokens, by the server's usage.</summary>
    public int? OutputTokens { get => Optional(_output); init => _output = value ?? -1; }

    /// <summary>Prompt tokens that came from the server's prefix cache.</summary>
    public int? CachedTokens { get => Optional(_cached); init => _cached = value ?? -1; }

    /// <summary>Content events; null where nothing was streamed.</summary>
    public int? Chunks { get => Optional(_chunks); init => _chunks = value ?? -1; }

    /// <summary>The user, from 0; null in phases with a rate.</summary>
    public int? User { get => Optional(_user); init => _user = value ?? -1; }

    /// <summary>The longest gap between content events, in whole microseconds; for a turn that was cut off, the gap then open counts too.</summary>
    public int? LongestGap { get => Optional(_longestGap); init => _longestGap = value ?? -1; }

    /// <summary>Tokens up to the first content event; null if the server does not tell, which counts as 1.</summary>
    public int? FirstChunkTokens { get => _firstChunkTokens == 0 ? null : _firstChunkTokens; init => _firstChunkTokens = (ushort)Math.Clamp(value ?? 0, 0, ushort.MaxValue); }

    /// <summary>The kind of failure, as an index into <see cref="LoadReport.Errors"/>, <c>drain_over</c> for a turn cut off by the end of the drain; null if the turn did not fail, was dropped, or was cut off because the run was stopped.</summary>
    public int? ErrorIndex { get => _error == 0 ? null : _error - 1; init => _error = (ushort)Math.Clamp((value ?? -1) + 1, 0, ushort.MaxValue); }

    /// <summary>The phase that the turn was due in, from 0, pauses included; 255 is the warm-up.</summary>
    public int Phase { get => _phase; init => _phase = (byte)value; }

    /// <summary>How the turn ended.</summary>
    public TurnOutcome Outcome { get => (TurnOutcome)(_outcome & OutcomeBits); init => _outcome = (byte)((_outcome & SeveralChoices) | (int)value); }

    /// <summary>Whether the answer had several choices, so that its time per output token means nothing.</summary>
    public bool HasSeveralChoices { get => (_outcome & SeveralChoices) != 0; init => _outcome = (byte)((_outcome & OutcomeBits) | (value ? SeveralChoices : 0)); }

    /// <summary>Attempts over all calls, at most 255; null where the work made no call of the client's.</summary>
    public int? Attempts { get => _attempts == 0 ? null : _attempts; init => _attempts = (byte)Math.Clamp(value ?? 0, 0, 255); }

    /// <summary>Calls of the client's that the work made, at most 255; null if it made none.</summary>
    public int? Calls { get => _calls == 0 ? null : _calls; init => _calls = (byte)Math.Clamp(value ?? 0, 0, 255); }

    static long? Optional(long value) => value < 0 ? null : value;

    static int? Optional(int value) => value < 0 ? null : value;
}

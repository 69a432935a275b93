using System.Threading.Tasks.Sources;

namespace Vllm.Simulator.Wire;

/// <summary>One answer on its way from the server to one reader: a head, then writes, then an end.</summary>
/// <remarks>
/// The server writes under its own lock and calls <see cref="Wake"/> after releasing it, so a reader that continues inline
/// never runs inside the server. A waiting reader gets exactly what one pass wrote; a slower one finds the passes joined.
/// </remarks>
sealed class Exchange(IExchangeOwner owner, bool isFramed, bool wakesInline) : IValueTaskSource<int>
{
    readonly Lock _gate = new();
    readonly WriteBuffer _out = new(isFramed);
    ManualResetValueTaskSourceCore<int> _source = new() { RunContinuationsAsynchronously = !wakesInline };
    CancellationTokenRegistration _registration;
    CancellationToken _token;
    Memory<byte> _destination;
    bool _isWaiting;
    bool _waitsForHead;
    bool _isEnded;
    bool _isCut;
    bool _isLeft;

    /// <summary>The bytes carry chunked framing, so they are written when the transport takes them.</summary>
    public bool IsFramed => isFramed;

    /// <summary>The server's record of this exchange.</summary>
    public object? State { get; set; }

    public ResponseHead? Head { get; private set; }

    /// <summary>Bytes come only when the reader asks.</summary>
    public bool IsPulled { get; set; }

    /// <summary>The reader's side is gone or the answer is complete; writing has no effect.</summary>
    public bool IsOver => _isLeft || _isEnded || _isCut;

    public void SetHead(ResponseHead head)
    {
        lock (_gate)
        {
            Head = head;
        }
    }

    /// <summary>Appends one event: one chunk of the chunked framing.</summary>
    /// <param name="head">What comes before the text.</param>
    /// <param name="text">The text, already escaped.</param>
    /// <param name="tail">What comes after it.</param>
    /// <param name="hasTokens">The event brings tokens, so the moment it is written counts.</param>
    /// <returns>Whether it is written; if not, <see cref="IExchangeOwner.Taken"/> will tell when.</returns>
    public bool WriteEvent(ReadOnlySpan<byte> head, ReadOnlySpan<byte> text, ReadOnlySpan<byte> tail, bool hasTokens = false)
    {
        lock (_gate)
        {
            if (IsOver)
            {
                return false;
            }

            return _out.AddEvent(head, text, tail, hasTokens);
        }
    }

    /// <summary>Appends a body that is not framed.</summary>
    public void WriteBody(ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            _out.AddBody(body);
        }
    }

    /// <summary>The regular end; a stream's includes the last, empty chunk.</summary>
    public void End(bool isStream)
    {
        lock (_gate)
        {
            if (isStream)
            {
                _out.AddEnd();
            }

            _isEnded = true;
        }
    }

    /// <summary>The connection breaks here.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
        }
    }

    /// <summary>Completes when the head is there: 1, or 0 if the connection broke before.</summary>
    public ValueTask<int> WaitForHeadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Head is not null || _isCut)
            {
                return ValueTask.FromResult(Head is null ? 0 : 1);
            }

            _waitsForHead = true;
            Wait(cancellationToken);
        }

        Register(cancellationToken);
        return new ValueTask<int>(this, _source.Version);
    }

    /// <summary>The next bytes; 0 at the regular end.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (destination.IsEmpty)
        {
            return ValueTask.FromResult(0);
        }

        if (IsPulled && _out.IsEmpty && !IsOver)
        {
            owner.Pull(this);
        }

        int count;
        int events;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isLeft, typeof(Stream));
            if (!HasNews)
            {
                _waitsForHead = false;
                _destination = destination;
                Wait(cancellationToken);
                count = -1;
                events = 0;
            }
            else
            {
                count = Take(destination, out events);
            }
        }

        if (count < 0)
        {
            Register(cancellationToken);
            return new ValueTask<int>(this, _source.Version);
        }

        if (events > 0)
        {
            owner.Taken(this, events);
        }

        return ValueTask.FromResult(count);
    }

    /// <summary>Gives a waiting reader what there is. Called outside the server's lock.</summary>
    public void Wake()
    {
        int result;
        var events = 0;
        Exception? broken = null;
        CancellationTokenRegistration registration;
        lock (_gate)
        {
            if (!_isWaiting || (_waitsForHead ? Head is null && !_isCut : !HasNews))
            {
                return;
            }

            _isWaiting = false;
            registration = _registration;
            _registration = default;
            if (_waitsForHead)
            {
                result = Head is null ? 0 : 1;
            }
            else if (_isCut && _out.IsEmpty)
            {
                result = 0;
                broken = Broken();
            }
            else
            {
                result = Take(_destination, out events);
            }

            _destination = default;
        }

        registration.Unregister();
        if (events > 0)
        {
            owner.Taken(this, events);
        }

        Complete(result, broken);
    }

    /// <summary>The reader goes away: it cancelled, or disposed the answer.</summary>
    public void Leave()
    {
        bool wasWaiting;
        bool wasOver;
        lock (_gate)
        {
            wasOver = IsOver;
            _isLeft = true;
            wasWaiting = _isWaiting;
            _isWaiting = false;
            _destination = default;
        }

        if (!wasOver)
        {
            owner.Left(this);
        }

        if (wasWaiting)
        {
            Complete(0, new OperationCanceledException(_token));
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    bool HasNews => !_out.IsEmpty || _isEnded || _isCut;

    static HttpIOException Broken() => new HttpIOException(HttpRequestError.ResponseEnded, "The server closed the connection before the answer was complete.");

    void Wait(CancellationToken cancellationToken)
    {
        if (_isWaiting)
        {
            throw new InvalidOperationException("The answer has one reader, which waits for one read at a time.");
        }

        _source.Reset();
        _isWaiting = true;
        _token = cancellationToken;
    }

    void Register(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return;
        }

        var registration = cancellationToken.UnsafeRegister(static state => ((Exchange)state!).Leave(), this);
        lock (_gate)
        {
            if (_isWaiting)
            {
                _registration = registration;
                return;
            }
        }

        registration.Unregister();
    }

    void Complete(int result, Exception? exception)
    {
        if (exception is null)
        {
            _source.SetResult(result);
        }
        else
        {
            _source.SetException(exception);
        }
    }

    int Take(Memory<byte> destination, out int events)
    {
        if (_out.IsEmpty && _isCut)
        {
            throw Broken();
        }

        return _out.Take(destination.Span, out events);
    }
}

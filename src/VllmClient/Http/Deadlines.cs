namespace Vllm.Http;

/// <summary>The deadlines of one call: one for the whole, and one for the phase that it is in. One timer serves all; a chunk only stores its stamp.</summary>
sealed class Deadlines : IDisposable
{
    readonly TimeProvider _clock;
    readonly CancellationTokenSource _source;
    readonly Lock _lock = new();
    readonly long _started;
    readonly TimeSpan _total;
    ITimer? _timer;
    VllmTimeoutKind _phase;
    TimeSpan _phaseLimit = System.Threading.Timeout.InfiniteTimeSpan;
    long _phaseStarted;
    long _lastByte;
    bool _disposed;

    internal Deadlines(TimeProvider clock, TimeSpan? total, long started, params ReadOnlySpan<CancellationToken> others)
    {
        _clock = clock;
        _started = started;
        _total = total ?? System.Threading.Timeout.InfiniteTimeSpan;
        _source = CancellationTokenSource.CreateLinkedTokenSource(others);
        Arm();
    }

    /// <summary>Fires with one of the other tokens or with a deadline.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>The deadline that has passed; null if none has.</summary>
    internal VllmTimeoutKind? Fired { get; private set; }

    /// <summary>The limit that has passed.</summary>
    internal TimeSpan FiredLimit { get; private set; }

    /// <summary>Begins a phase; it replaces the one before. Idle time counts from the last byte, the others from now.</summary>
    internal void Begin(VllmTimeoutKind phase, TimeSpan limit)
    {
        lock (_lock)
        {
            _phase = phase;
            _phaseLimit = limit;
            _phaseStarted = _clock.GetTimestamp();
            Volatile.Write(ref _lastByte, _phaseStarted);
            Arm();
        }
    }

    /// <summary>Ends the phase; only the limit of the whole call goes on.</summary>
    internal void EndPhase()
    {
        lock (_lock) _phaseLimit = System.Threading.Timeout.InfiniteTimeSpan;
    }

    /// <summary>A read returned.</summary>
    internal void Touch(long timestamp) => Volatile.Write(ref _lastByte, timestamp);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            _timer?.Dispose();
        }

        _source.Dispose();
    }

    // The timer is armed for the earliest deadline as it looks now. If bytes have arrived since, it finds time left and is armed again.
    void Arm()
    {
        if (_disposed || Fired is not null) return;
        var left = Left(_clock.GetTimestamp(), out _, out _);
        if (left == System.Threading.Timeout.InfiniteTimeSpan) return;
        // Timers round down to whole milliseconds; a deadline must not fire early, nor be asked for in vain.
        var due = TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(left.TotalMilliseconds), 1, uint.MaxValue - 2));
        if (_timer is null) _timer = Create(due);
        else _timer.Change(due, System.Threading.Timeout.InfiniteTimeSpan);
    }

    ITimer Create(TimeSpan due)
    {
        // The caller's execution context must not live as long as the timer.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            return _clock.CreateTimer(static state => ((Deadlines)state!).Elapsed(), this, due, System.Threading.Timeout.InfiniteTimeSpan);
    }

    void Elapsed()
    {
        lock (_lock)
        {
            if (_disposed || Fired is not null) return;
            var left = Left(_clock.GetTimestamp(), out var kind, out var limit);
            if (left == System.Threading.Timeout.InfiniteTimeSpan) return;
            if (left > TimeSpan.Zero)
            {
                Arm();
                return;
            }

            Fired = kind;
            FiredLimit = limit;
        }

        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended at the same moment.
        }
    }

    TimeSpan Left(long now, out VllmTimeoutKind kind, out TimeSpan limit)
    {
        kind = _phase;
        limit = _phaseLimit;
        var left = System.Threading.Timeout.InfiniteTimeSpan;
        if (_phaseLimit != left)
        {
            var from = _phase == VllmTimeoutKind.StreamIdle ? Volatile.Read(ref _lastByte) : _phaseStarted;
            left = Positive(_phaseLimit - _clock.GetElapsedTime(from, now));
        }

        if (_total == System.Threading.Timeout.InfiniteTimeSpan) return left;
        var ofTotal = Positive(_total - _clock.GetElapsedTime(_started, now));
        if (left != System.Threading.Timeout.InfiniteTimeSpan && left <= ofTotal) return left;
        kind = VllmTimeoutKind.Total;
        limit = _total;
        return ofTotal;
    }

    static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}

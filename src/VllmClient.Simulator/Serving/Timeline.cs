namespace Vllm.Simulator.Serving;

/// <summary>The simulator's clock, what is planned on it, and its one timer. Used under the server's lock.</summary>
sealed class Timeline : IAsyncDisposable
{
    readonly TimeProvider _time;
    readonly PriorityQueue<(Call Call, CallStage Stage), (long Due, long Order)> _planned = new();
    readonly ITimer _timer;
    long _order;
    long _armed = long.MaxValue;

    public Timeline(TimeProvider time, TimerCallback onTimer)
    {
        _time = time;
        StartTimestamp = time.GetTimestamp();
        _timer = time.CreateTimer(onTimer, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long StartTimestamp { get; }

    /// <summary>Since the simulator was made.</summary>
    public TimeSpan Now => _time.GetElapsedTime(StartTimestamp);

    public bool IsSystem => _time == TimeProvider.System;

    /// <summary>The due tick of the earliest planned stage; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextDue => _planned.TryPeek(out _, out var key) ? key.Due : long.MaxValue;

    public void At(long due, Call call, CallStage stage) => _planned.Enqueue((call, stage), (due, _order++));

    public bool TryTake(long at, out Call call, out CallStage stage)
    {
        if (NextDue == at)
        {
            (call, stage) = _planned.Dequeue();
            return true;
        }

        (call, stage) = (null!, default);
        return false;
    }

    /// <summary>The timer fired: it has to be set again.</summary>
    public void Fired() => _armed = long.MaxValue;

    /// <summary>Sets the timer, if it is not already set to this tick.</summary>
    public void Arm(long next)
    {
        if (next == _armed)
        {
            return;
        }

        _armed = next;
        if (next == long.MaxValue)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var wait = Math.Max(0, next - Now.Ticks);
        if (IsSystem)
        {
            // The system's timer counts whole milliseconds and would cut the rest off and fire early.
            wait = (wait + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond;
        }

        _timer.Change(TimeSpan.FromTicks(wait), Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}

namespace Vllm.Tests.Load;

/// <summary>A clock for tests that jumps from timer to timer on the thread that runs it.</summary>
sealed class TestClock : TimeProvider
{
    readonly PriorityQueue<(Timer Timer, int Version), (long Due, long Order)> _timers = new();
    readonly Lock _sync = new();
    long _now;
    long _order;

    /// <summary>Timers that are set; a run that has ended leaves none.</summary>
    public int Pending
    {
        get
        {
            lock (_sync) return _timers.UnorderedItems.Count(t => t.Element.Timer.Version == t.Element.Version);
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>A delay that ends, and is cancelled, on the clock's own thread; <see cref="Task.Delay(TimeSpan, TimeProvider)"/> would hop to the pool when cancelled.</summary>
    public async Task Delay(double milliseconds, CancellationToken cancellationToken = default)
    {
        var over = new TaskCompletionSource();
        using var timer = CreateTimer(_ => over.TrySetResult(), null, TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.UnsafeRegister(_ => over.TrySetCanceled(cancellationToken), null);
        await over.Task.ConfigureAwait(false);
    }

    public T Run<T>(Func<Task<T>> body)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var task = body();
            while (!task.IsCompleted)
            {
                if (!Fire()) throw new InvalidOperationException("No timer is left, and the body is not done.");
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    bool Fire()
    {
        Timer timer;
        lock (_sync)
        {
            do
            {
                if (!_timers.TryDequeue(out var next, out var key)) return false;
                timer = next.Timer;
                if (timer.Version != next.Version) continue;
                _now = Math.Max(_now, key.Due);
                break;
            }
            while (true);
            timer.Version++;
        }

        timer.Callback();
        return true;
    }

    sealed class Timer(TestClock clock, Action callback) : ITimer
    {
        public Action Callback => callback;

        public int Version { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._sync)
            {
                Version++;
                if (dueTime >= TimeSpan.Zero) clock._timers.Enqueue((this, Version), (clock._now + dueTime.Ticks, clock._order++));
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

namespace Vllm.Simulator;

/// <summary>A clock that stands still until nothing is left to do and then jumps to the next timer: an hour passes in seconds, and every run is the same.</summary>
/// <remarks>Starts at 2026-01-01T00:00:00Z; resolution 100 ns. One provider serves simulator, client and load runner together.</remarks>
public sealed class VirtualTimeProvider : TimeProvider
{
    // How long, in real time, a body may compute outside virtual time before it counts as waiting for ever.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly object _gate = new();
    readonly PriorityQueue<VirtualTimer, (long Due, long Order)> _timers = new();
    int _owner = Environment.CurrentManagedThreadId;
    long _now;
    long _order;
    long _poolHops;

    /// <summary>Clock reads and timers that came from another thread than the one in <see cref="Run(Func{Task})"/>; above 0, the order of events is not repeatable.</summary>
    public long PoolHops => Interlocked.Read(ref _poolHops);

    /// <summary>Ticks of 100 ns: 10,000,000 a second.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        CountHop();
        return Interlocked.Read(ref _now);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(GetTimestamp());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs the body to its end, firing timers one by one in order of due time and creation, each with the clock at its due time.</summary>
    /// <param name="body">The work; everything it awaits must run on this clock.</param>
    /// <exception cref="InvalidOperationException">The body waits for something that no timer of this clock will bring.</exception>
    public void Run(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Drive(body).GetAwaiter().GetResult();
    }

    /// <summary>Runs the body to its end and returns its result; see <see cref="Run(Func{Task})"/>.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="body">The work; everything it awaits must run on this clock.</param>
    /// <returns>What the body returned.</returns>
    /// <exception cref="InvalidOperationException">The body waits for something that no timer of this clock will bring.</exception>
    public T Run<T>(Func<Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return ((Task<T>)Drive(body)).GetAwaiter().GetResult();
    }

    internal void Schedule(VirtualTimer timer, TimeSpan dueTime)
    {
        CountHop();
        lock (_gate)
        {
            timer.Due = _now + dueTime.Ticks;
            timer.Order = _order++;
            _timers.Enqueue(timer, (timer.Due, timer.Order));
            Monitor.PulseAll(_gate);
        }
    }

    Task Drive(Func<Task> body)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _owner = Environment.CurrentManagedThreadId;
        try
        {
            var task = body();
            while (!task.IsCompleted)
            {
                if (!FireNext() && !WaitOutside(task))
                {
                    throw new InvalidOperationException(
                        "The body waits for something outside virtual time: no timer is left and it is not done. "
                        + "Everything it awaits must take its time from this provider.");
                }
            }

            return task;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    bool FireNext()
    {
        VirtualTimer timer;
        lock (_gate)
        {
            do
            {
                if (!_timers.TryDequeue(out timer!, out var key))
                {
                    return false;
                }

                // Entries of changed and disposed timers stay in the heap until they come up.
                if (timer.Order == key.Order)
                {
                    break;
                }
            }
            while (true);

            Interlocked.Exchange(ref _now, Math.Max(_now, timer.Due));
        }

        timer.Fire();
        return true;
    }

    /// <summary>The body may be computing on another thread; gives it a moment to come back with a timer or an end.</summary>
    bool WaitOutside(Task task)
    {
        _ = task.ContinueWith(
            static (_, state) =>
            {
                var provider = (VirtualTimeProvider)state!;
                lock (provider._gate)
                {
                    Monitor.PulseAll(provider._gate);
                }
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        lock (_gate)
        {
            return task.IsCompleted || _timers.Count > 0 || Monitor.Wait(_gate, Patience);
        }
    }

    void CountHop()
    {
        if (Environment.CurrentManagedThreadId != _owner)
        {
            Interlocked.Increment(ref _poolHops);
        }
    }
}

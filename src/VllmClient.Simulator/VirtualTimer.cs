namespace Vllm.Simulator;

/// <summary>A timer of the virtual clock.</summary>
sealed class VirtualTimer(VirtualTimeProvider provider, TimerCallback callback, object? state) : ITimer
{
    TimeSpan _period;
    bool _isDisposed;

    public long Due { get; set; }

    /// <summary>Place among timers of one due time; -1 while the timer is off.</summary>
    public long Order { get; set; } = -1;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_isDisposed)
        {
            return false;
        }

        _period = period;
        Order = -1;
        if (dueTime >= TimeSpan.Zero)
        {
            provider.Schedule(this, dueTime);
        }

        return true;
    }

    public void Fire()
    {
        Order = -1;
        if (_period > TimeSpan.Zero)
        {
            provider.Schedule(this, _period);
        }

        callback(state);
    }

    public void Dispose()
    {
        _isDisposed = true;
        Order = -1;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

namespace Vllm.Load;

/// <summary>Drives a run on a clock that somebody else advances: one timer, set to the next decision.</summary>
sealed class VirtualDriver : IDisposable
{
    readonly Director _director;
    readonly RunProgress _progress;
    readonly TaskCompletionSource _finished = new();
    readonly ITimer _timer;
    int _requests;

    public VirtualDriver(Director director, RunProgress progress)
    {
        (_director, _progress) = (director, progress);
        director.Wake = Wake;
        _timer = director.Run.Clock.Provider.CreateTimer(static self => ((VirtualDriver)self!).Drive(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Task RunAsync()
    {
        _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return _finished.Task;
    }

    public void Dispose() => _timer.Dispose();

    // Inside Drive the loop there sees the request; outside, the timer brings it to the clock's own thread.
    void Wake()
    {
        if (Volatile.Read(ref _requests) > 0) Interlocked.Increment(ref _requests);
        else _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    void Drive()
    {
        if (Interlocked.Increment(ref _requests) > 1) return;
        _director.Run.OwnThread();
        var seen = 1;
        var next = long.MaxValue;
        var now = 0L;
        do
        {
            now = _director.Run.Clock.Now;
            next = Math.Min(_director.Advance(now), _progress.Advance(now));
            var left = Interlocked.Add(ref _requests, -seen);
            if (left == 0) break;
            seen = left;
        }
        while (!_director.IsFinished);

        if (_director.IsFinished) _finished.TrySetResult();
        else if (next < long.MaxValue) _timer.Change(TimeSpan.FromTicks(Math.Max(0, next - now)), Timeout.InfiniteTimeSpan);
    }
}

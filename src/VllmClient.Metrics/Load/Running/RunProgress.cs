using Microsoft.Extensions.Logging;

namespace Vllm.Load;

/// <summary>Reports how a run is going, once a second.</summary>
sealed class RunProgress(Director director, IProgress<LoadSnapshot>? progress, ILogger logger)
{
    readonly RunWindow _window = new(director);
    long _next = TimeSpan.TicksPerSecond;
    bool _hasFailed;

    /// <summary>Reports if a second is over.</summary>
    /// <returns>When the next one is over; <see cref="long.MaxValue"/> if nobody listens.</returns>
    public long Advance(long now)
    {
        if (progress is null) return long.MaxValue;
        if (now < _next) return _next;
        _next = ((now / TimeSpan.TicksPerSecond) + 1) * TimeSpan.TicksPerSecond;
        var snapshot = _window.Take(now);
        // A listener that draws on a terminal must not hold up the pacer.
        if (director.Run.Clock.IsReal) ThreadPool.UnsafeQueueUserWorkItem(static state => state.Item1.Report(state.snapshot), (this, snapshot), preferLocal: false);
        else Report(snapshot);
        return _next;
    }

    void Report(LoadSnapshot snapshot)
    {
        try
        {
            progress!.Report(snapshot);
        }
        catch (Exception e)
        {
            if (_hasFailed) return;
            _hasFailed = true;
            LoadLog.ProgressFailed(logger, e);
        }
    }
}

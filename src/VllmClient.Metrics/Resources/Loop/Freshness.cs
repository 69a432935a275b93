namespace Vllm.Resources;

/// <summary>Notices an exporter that renews its figures less often than they are read.</summary>
sealed class Freshness(TimeProvider clock)
{
    IReadOnlyList<GpuSample>? _seen;
    long _renewed;
    TimeSpan _pause;

    /// <summary>Takes the GPUs of a reading; the time between two renewals if that is above three intervals, else null.</summary>
    public TimeSpan? Take(IReadOnlyList<GpuSample>? gpus, long stamp, TimeSpan interval)
    {
        if (gpus is null || gpus.Count == 0) return null;
        var since = clock.GetElapsedTime(_renewed, stamp);
        if (_seen is null || !IsSame(_seen, gpus))
        {
            // What the first reading replaced is unknown.
            _pause = _seen is null ? TimeSpan.Zero : since;
            _renewed = stamp;
            _seen = gpus;
            since = TimeSpan.Zero;
        }

        var longest = since > _pause ? since : _pause;
        return longest > interval * 3 ? longest : null;
    }

    // A GPU that rests shows the same power for ever, but its energy counter goes on.
    static bool IsSame(IReadOnlyList<GpuSample> before, IReadOnlyList<GpuSample> now)
    {
        if (before.Count != now.Count) return false;
        for (var i = 0; i < now.Count; i++)
        {
            if (before[i].Id != now[i].Id || now[i].EnergyJoules is null || !Nullable.Equals(before[i].EnergyJoules, now[i].EnergyJoules)) return false;
        }

        return true;
    }
}

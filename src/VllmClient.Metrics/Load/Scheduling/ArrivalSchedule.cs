namespace Vllm.Load;

/// <summary>The due times of a phase with a rate: a pure function of phase, seed and position.</summary>
sealed class ArrivalSchedule
{
    readonly RatePhase _phase;
    readonly LoadRandom _random;
    readonly long _end;
    double _process;
    long _count;

    /// <summary>Begins the schedule.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="seed">The plan's seed.</param>
    /// <param name="index">The phase's position; -1 for the warm-up.</param>
    public ArrivalSchedule(RatePhase phase, ulong seed, int index)
    {
        _phase = phase;
        _random = new LoadRandom(seed, RandomPurpose.Arrivals, index);
        _end = phase.Duration?.Ticks ?? long.MaxValue;
    }

    /// <summary>The next due time in ticks of 100 ns from the phase's start; null at the end.</summary>
    public long? Next()
    {
        if (_phase.Requests is { } requests && _count >= requests) return null;
        if (_phase.Arrivals.Kind == ArrivalKind.Even) _process = _count;
        else _process -= StableMath.Log(1 - _random.NextDouble());
        _count++;
        // To the nearest tick: an even schedule of 100 a second stands at whole hundredths, not one tick before.
        var ticks = Math.Round(_process / _phase.PerSecond * TimeSpan.TicksPerSecond);
        // A process that outruns the clock has ended; the comparison also keeps the conversion exact.
        return ticks >= _end ? null : (long)ticks;
    }
}

namespace Vllm.Resources;

/// <summary>The readings of one source in a row: gives each part its origin, its stamp and its rates.</summary>
sealed class RatedReading(string source, TimeProvider clock)
{
    // Counters move in steps, so that a rate over less than this says little.
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    ResourceReading? _base;
    ResourceReading? _last;

    /// <summary>Takes a reading and gives it with its rates, which are those since the reading before, or the one before that if that was only just now.</summary>
    public ResourceReading Take(ResourceReading reading, long stamp)
    {
        if (_last is null || clock.GetElapsedTime(_last.Timestamp ?? 0, stamp) >= Shortest) _base = _last;
        var seconds = _base is null ? 0 : clock.GetElapsedTime(_base.Timestamp ?? 0, stamp).TotalSeconds;
        _last = new()
        {
            Process = Rated(reading.Process, stamp, seconds),
            Machine = Rated(reading.Machine, stamp, seconds),
            Container = Rated(reading.Container, stamp, seconds),
            Gpus = Stamped(reading.Gpus, stamp),
            Server = Rated(reading.Server, stamp, seconds),
            SkippedLines = reading.SkippedLines,
            Timestamp = stamp,
        };
        return _last;
    }

    ProcessSample? Rated(ProcessSample? part, long stamp, double seconds) => part is null ? null
        : Rates.Of(_base?.Process, part, seconds, Environment.ProcessorCount, new(source, stamp));

    MachineSample? Rated(MachineSample? part, long stamp, double seconds) => part is null ? null
        : Rates.Of(_base?.Machine, part, seconds, new(source, stamp));

    ContainerSample? Rated(ContainerSample? part, long stamp, double seconds) => part is null ? null
        : Rates.Of(_base?.Container, part, seconds, new(source, stamp));

    ServerSample? Rated(ServerSample? part, long stamp, double seconds) => part is null ? null
        : Rates.Of(_base?.Server, part with { Source = source, Timestamp = stamp }, seconds);

    GpuSample[]? Stamped(IReadOnlyList<GpuSample>? gpus, long stamp)
    {
        if (gpus is null) return null;
        var stamped = new GpuSample[gpus.Count];
        for (var i = 0; i < stamped.Length; i++) stamped[i] = gpus[i] with { Source = source, Timestamp = stamp };
        return stamped;
    }
}

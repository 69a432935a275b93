namespace Vllm.Resources;

/// <summary>The parts of a reading, with their rates; a struct, because each tick makes one for each source.</summary>
readonly record struct RatedParts(ProcessSample? Process, MachineSample? Machine, ContainerSample? Container, IReadOnlyList<GpuSample>? Gpus, ServerSample? Server, long Stamp);

/// <summary>The readings of one source in a row: gives each part its origin, its stamp and its rates.</summary>
sealed class RatedReading(string source, TimeProvider clock)
{
    // Counters move in steps, so that a rate over less than this says little.
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    RatedParts? _base;
    RatedParts? _last;

    /// <summary>Takes a reading and gives it with its rates, which are those since the reading before, or the one before that if that was only just now.</summary>
    public RatedParts Take(ResourceReading reading, long stamp)
    {
        if (_last is not { } last || clock.GetElapsedTime(last.Stamp, stamp) >= Shortest) _base = _last;
        var seconds = _base is { } start ? clock.GetElapsedTime(start.Stamp, stamp).TotalSeconds : 0;
        var parts = new RatedParts(
            Rated(reading.Process, stamp, seconds),
            Rated(reading.Machine, stamp, seconds),
            Rated(reading.Container, stamp, seconds),
            Stamped(reading.Gpus, stamp),
            Rated(reading.Server, stamp, seconds),
            stamp);
        _last = parts;
        return parts;
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

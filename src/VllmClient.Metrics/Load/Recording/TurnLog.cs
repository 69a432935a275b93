using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>What one thread recorded: it alone writes, so nothing is locked.</summary>
sealed class TurnLog
{
    const int BlockSize = 4096;
    const int SlowestKept = 20;

    readonly List<TurnRecord[]> _blocks = [];
    readonly LogHistogram?[] _gaps = new LogHistogram?[RunPhase.WarmUpIndex + 1];
    readonly List<CallSample> _calls = [];
    readonly List<(long Duration, TurnRecord Turn, string? TraceId)> _slowest = [];
    volatile TurnRecord[][] _published = [];
    int _count;

    /// <summary>Turns recorded so far; what lies below may be read by any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Calls of the measured turns. To be read when all turns have ended.</summary>
    public IReadOnlyList<CallSample> Calls => _calls;

    /// <summary>The slowest completed turns of this thread. To be read when all turns have ended.</summary>
    public IReadOnlyList<(long Duration, TurnRecord Turn, string? TraceId)> Slowest => _slowest;

    /// <summary>A turn below <see cref="Count"/>.</summary>
    public ref readonly TurnRecord this[int index] => ref _published[index / BlockSize][index % BlockSize];

    /// <summary>The chunk gaps, in nanoseconds, of a phase's completed turns; null without any.</summary>
    public LogHistogram? GapsOf(int phase) => _gaps[phase];

    public void Add(in TurnRecord record)
    {
        if (_count % BlockSize == 0)
        {
            _blocks.Add(new TurnRecord[BlockSize]);
            _published = [.. _blocks];
        }

        _blocks[^1][_count % BlockSize] = record;
        Volatile.Write(ref _count, _count + 1);
    }

    public void AddGaps(int phase, ReadOnlySpan<uint> ticks)
    {
        if (ticks.IsEmpty) return;
        var histogram = _gaps[phase] ??= new();
        foreach (var gap in ticks) histogram.Add((long)gap * TimeSpan.NanosecondsPerTick);
    }

    public void AddCall(in CallSample call) => _calls.Add(call);

    public void AddSlow(long duration, in TurnRecord record, string? traceId)
    {
        if (_slowest.Count == SlowestKept && duration <= _slowest[^1].Duration) return;
        var at = _slowest.FindIndex(s => s.Duration < duration);
        _slowest.Insert(at < 0 ? _slowest.Count : at, (duration, record, traceId));
        if (_slowest.Count > SlowestKept) _slowest.RemoveAt(SlowestKept);
    }
}

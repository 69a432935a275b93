using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>How well the load generator itself did. What it measures is never subtracted from a figure.</summary>
/// <remarks>Definition: measuring.md#own-error.</remarks>
public sealed record GeneratorHealth
{
    /// <summary>The machine of a sharded run; null for a whole one.</summary>
    public int? Shard { get; init; }

    /// <summary>Where the work was started: <c>pacer</c>, <c>pool</c> once the work was found to block, <c>timer</c> on virtual time.</summary>
    public string Dispatch { get; init; } = "";

    /// <summary>Median overshoot of 20 trial sleeps of the pacer; null on virtual time.</summary>
    public TimeSpan? PacerStep { get; init; }

    /// <summary>Time from due to begun, in seconds, less the wait for the ceiling; null on virtual time, and if no turn began. Definition: measuring.md#dispatch-delay.</summary>
    public Distribution<TimeSpan>? DispatchDelay { get; init; }

    /// <summary>Time from begun to sent, in seconds; null on virtual time, and if nothing was sent. Definition: measuring.md#send-delay.</summary>
    public Distribution<TimeSpan>? SendDelay { get; init; }

    /// <summary>Calls that reported something after their turn had ended.</summary>
    public long LateCalls { get; init; }

    /// <summary>On virtual time, whether every stamp was taken on the clock's own thread, which makes two runs equal; if not, the run is invalid. Null on real time.</summary>
    public bool? Deterministic { get; init; }
}

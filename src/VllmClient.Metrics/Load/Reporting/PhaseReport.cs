using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>The figures of one phase, or of all measured phases together.</summary>
/// <remarks>Latency, tokens and throughput are of completed turns only. Definition: measuring.md#per-run.</remarks>
public sealed record PhaseReport
{
    /// <summary>The phase's name; <c>total</c> for all measured phases, <c>warm-up</c> for the warm-up.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its users, or its requests per second; null for a pause and for several phases together.</summary>
    public double? Target { get; init; }

    /// <summary>When it began, since the run started; for the total, when the first turn began.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>How long it lasted; for the total, from the first begin to the last end of a turn.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Turns due in it.</summary>
    public long Offered { get; init; }

    /// <summary>Turns begun.</summary>
    public long Started { get; init; }

    /// <summary>Turns completed.</summary>
    public long Completed { get; init; }

    /// <summary>Turns failed.</summary>
    public long Failed { get; init; }

    /// <summary>Turns abandoned by the plan's simulated client.</summary>
    public long Abandoned { get; init; }

    /// <summary>Turns still running when the drain ended or the run was stopped.</summary>
    public long CutOff { get; init; }

    /// <summary>How long the shortest of them had run since it was due: each takes at least as long. Null without any.</summary>
    public TimeSpan? CutOffAtLeast { get; init; }

    /// <summary>Turns dropped because too many were running.</summary>
    public long Dropped { get; init; }

    /// <summary>The time over which its turns were due: the phase's length, or from the first to the last turn where the phase ends with its last turn; for the total, the sum over the phases.</summary>
    public TimeSpan OfferedFor { get; init; }

    /// <summary>Turns due per second of <see cref="OfferedFor"/>, so the drain is no part of it; null if all were due at once. Definition: measuring.md#rates.</summary>
    public double? OfferedPerSecond { get; init; }

    /// <summary>Turns that completed within its time, per second.</summary>
    public double CompletedPerSecond { get; init; }

    /// <summary>Lower end of the 95 % interval of <see cref="CompletedPerSecond"/>; null if there are too few batches.</summary>
    public double? CompletedPerSecondLow { get; init; }

    /// <summary>Upper end of the same interval.</summary>
    public double? CompletedPerSecondHigh { get; init; }

    /// <summary>Prompt tokens of the completed turns; null if no usage was sent.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Output tokens of the completed turns; null if no usage was sent.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Prompt tokens from the server's prefix cache; null if the server does not tell.</summary>
    public long? CachedTokens { get; init; }

    /// <summary>Output tokens that arrived within its time, per second; null if no usage was sent.</summary>
    public double? OutputTokensPerSecond { get; init; }

    /// <summary>Lower end of the 95 % interval of <see cref="OutputTokensPerSecond"/>; null if there are too few batches.</summary>
    public double? OutputTokensPerSecondLow { get; init; }

    /// <summary>Upper end of the same interval.</summary>
    public double? OutputTokensPerSecondHigh { get; init; }

    /// <summary>The same with prompt tokens, counted when the first content arrives; null if no usage was sent.</summary>
    public double? TotalTokensPerSecond { get; init; }

    /// <summary>Turns in flight, averaged over its time; exact.</summary>
    public double MeanInFlight { get; init; }

    /// <summary>Most turns in flight at one moment of its time; exact.</summary>
    public long PeakInFlight { get; init; }

    /// <summary>Most turns due and not begun at one moment of its time; exact.</summary>
    public long PeakBacklog { get; init; }

    /// <summary>Share of turns within all limits of the plan's goodput objective; null without one.</summary>
    public double? GoodShare { get; init; }

    /// <summary>Turns that failed, were dropped or were cut off by the end of the drain, as a share of those and the completed ones, from 0 to 1; null without any. Definition: measuring.md#failed-share.</summary>
    public double? FailedShare { get; init; }

    /// <summary>Seconds from sending to the first content; null if nothing was streamed. Definition: measuring.md#ttft.</summary>
    public Distribution<TimeSpan>? TimeToFirstToken { get; init; }

    /// <summary>Seconds per output token after the first; null if nothing was streamed. Definition: measuring.md#tpot.</summary>
    public Distribution<TimeSpan>? TimePerOutputToken { get; init; }

    /// <summary>Seconds between content events; null if nothing was streamed. Definition: measuring.md#inter-chunk-gap.</summary>
    public Distribution<TimeSpan>? ChunkGap { get; init; }

    /// <summary>Seconds of the longest gap of each turn; null if nothing was streamed. Definition: measuring.md#longest-gap.</summary>
    public Distribution<TimeSpan>? LongestGap { get; init; }

    /// <summary>Seconds from sending to the last content; null if no turn completed. Definition: measuring.md#latency.</summary>
    public Distribution<TimeSpan>? Duration { get; init; }

    /// <summary>Seconds from due to the first content; null if nothing was streamed. Definition: measuring.md#ttft-due.</summary>
    public Distribution<TimeSpan>? TimeToFirstTokenFromDue { get; init; }

    /// <summary>Seconds from due to the last content; null if no turn completed. Definition: measuring.md#latency-due.</summary>
    public Distribution<TimeSpan>? DurationFromDue { get; init; }

    /// <summary>Seconds from sending to the failure; null if no turn failed. Definition: measuring.md#failed-duration.</summary>
    public Distribution<TimeSpan>? FailedDuration { get; init; }

    /// <summary>Seconds from due to begun, less the wait for the ceiling; null if no turn began, and on virtual time. Definition: measuring.md#dispatch-delay.</summary>
    public Distribution<TimeSpan>? DispatchDelay { get; init; }

    /// <summary>Prompt tokens per turn; null if no turn completed. Definition: measuring.md#input-tokens.</summary>
    public Distribution<double>? InputLength { get; init; }

    /// <summary>Output tokens per turn; null if no turn completed. Definition: measuring.md#output-tokens.</summary>
    public Distribution<double>? OutputLength { get; init; }
}

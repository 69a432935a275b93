namespace Vllm.Load;

/// <summary>How a run is going, reported once a second.</summary>
public sealed record LoadSnapshot
{
    /// <summary>Time since the run started.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The phase's name; <c>warm-up</c> before the first and <c>drain</c> after the last.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The phase's users, or its requests per second; null in a pause and in the drain.</summary>
    public double? Target { get; init; }

    /// <summary>Turns due so far, warm-up included.</summary>
    public long Offered { get; init; }

    /// <summary>Turns begun.</summary>
    public long Started { get; init; }

    /// <summary>Turns completed.</summary>
    public long Completed { get; init; }

    /// <summary>Turns failed.</summary>
    public long Failed { get; init; }

    /// <summary>Turns abandoned.</summary>
    public long Abandoned { get; init; }

    /// <summary>Turns cut off.</summary>
    public long CutOff { get; init; }

    /// <summary>Turns dropped.</summary>
    public long Dropped { get; init; }

    /// <summary>Turns running.</summary>
    public long InFlight { get; init; }

    /// <summary>Turns due and not begun.</summary>
    public long Backlog { get; init; }

    /// <summary>Turns begun per second, over the last 10 seconds.</summary>
    public double StartedPerSecond { get; init; }

    /// <summary>Turns completed per second, over the last 10 seconds.</summary>
    public double CompletedPerSecond { get; init; }

    /// <summary>Output tokens per second of the turns completed in the last 10 seconds; null without usage.</summary>
    public double? OutputTokensPerSecond { get; init; }

    /// <summary>Median time to first token of those turns; null if none had one.</summary>
    public TimeSpan? TimeToFirstTokenP50 { get; init; }

    /// <summary>Median time per output token of those turns; null if none had one.</summary>
    public TimeSpan? TimePerOutputTokenP50 { get; init; }

    /// <summary>99th percentile of the time from due to begun of those turns; null if none ended, and on virtual time.</summary>
    public TimeSpan? DispatchDelayP99 { get; init; }

    /// <summary>The kind of the last failure; null if nothing failed.</summary>
    public string? LastErrorType { get; init; }
}

using Vllm.Resources;
using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>One phase as it ran; times in ticks since the run started.</summary>
sealed record PhaseFacts
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    public double? Target { get; init; }

    public required long Start { get; init; }

    public required long End { get; init; }

    /// <summary>Turns due in it, counted while the run went on.</summary>
    public required long Offered { get; init; }

    public bool IsWarmUp => Index == RunPhase.WarmUpIndex;
}

/// <summary>The probe's samples, and the clock that puts them on the turns' time axis.</summary>
sealed record RunTimeline(ResourceTimeline Samples, RunClock Clock)
{
    /// <summary>The samples as columns, in seconds since the run started.</summary>
    public IReadOnlyList<ResourceTrack> Tracks() => Samples.Tracks(Clock.Origin);

    /// <summary>What was used in the window of some figures; null if that has no length.</summary>
    public ResourceSummary? Summarize(PhaseReport window) => window.Elapsed <= TimeSpan.Zero ? null
        : Samples.Summarize(Clock.TimestampOf(window.Start.Ticks), Clock.TimestampOf((window.Start + window.Elapsed).Ticks), window.OutputTokens, Clock.Origin);
}

/// <summary>Everything a report is made of: plain values, so that the making is a pure function.</summary>
sealed record RunFacts
{
    public required LoadPlan Plan { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The run's length in ticks.</summary>
    public long Duration { get; init; }

    public RunEnd End { get; init; }

    /// <summary>Whether the run's clock is the system's; on a virtual clock the generator's own error is not judged.</summary>
    public bool IsReal { get; init; }

    /// <summary>The phases that began, in order, warm-up first.</summary>
    public IReadOnlyList<PhaseFacts> Phases { get; init; } = [];

    /// <summary>All turns, warm-up first, then by phase and number.</summary>
    public IReadOnlyList<TurnRecord> Turns { get; init; } = [];

    /// <summary>Turns due and never begun because the run ended.</summary>
    public long LeftOver { get; init; }

    /// <summary>Chunk gaps in nanoseconds, by phase.</summary>
    public IReadOnlyDictionary<int, LogHistogram> Gaps { get; init; } = new Dictionary<int, LogHistogram>();

    public IReadOnlyList<CallSample> Calls { get; init; } = [];

    public IReadOnlyList<ErrorCount> Errors { get; init; } = [];

    public IReadOnlyList<SlowTurn> Slowest { get; init; } = [];

    public GeneratorHealth Health { get; init; } = new();

    public RunEnvironment Environment { get; init; } = new();

    public PromptReport? Prompts { get; init; }

    /// <summary>What was used meanwhile; null if nobody looked.</summary>
    public RunTimeline? Resources { get; init; }
}

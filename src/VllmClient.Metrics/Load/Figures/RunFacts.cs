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

    /// <summary>Whether its length was planned; else it ended with its last turn.</summary>
    public bool IsTimed { get; init; }

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

    /// <summary>Whether the run's clock is the system's; on a virtual clock the generator has no error of its own.</summary>
    public bool IsReal { get; init; }

    /// <summary>The phases that began, in order, warm-up first.</summary>
    public IReadOnlyList<PhaseFacts> Phases { get; init; } = [];

    /// <summary>All turns, warm-up first, then by phase and number.</summary>
    public IReadOnlyList<TurnRecord> Turns { get; init; } = [];

    /// <summary>Turns that were due and not begun when the run was stopped; they are in no figure but offered and backlog.</summary>
    public IReadOnlyList<TurnRecord> LeftOver { get; init; } = [];

    /// <summary>Chunk gaps in nanoseconds, by phase.</summary>
    public IReadOnlyDictionary<int, LogHistogram> Gaps { get; init; } = new Dictionary<int, LogHistogram>();

    /// <summary>The calls of the measured turns.</summary>
    public IReadOnlyList<CallSample> Calls { get; init; } = [];

    /// <summary>Whether the work has a client, whose calls its turns are expected to make.</summary>
    public bool HasClient { get; init; }

    public IReadOnlyList<ErrorCount> Errors { get; init; } = [];

    public IReadOnlyList<SlowTurn> Slowest { get; init; } = [];

    public GeneratorHealth Health { get; init; } = new();

    public RunEnvironment Environment { get; init; } = new();

    public PromptReport? Prompts { get; init; }

    /// <summary>What was used meanwhile; null if nobody looked.</summary>
    public RunTimeline? Resources { get; init; }

    /// <summary>The phases without the warm-up.</summary>
    public IReadOnlyList<PhaseFacts> MeasuredPhases => [.. Phases.Where(p => !p.IsWarmUp)];

    /// <summary>The turns without those of the warm-up.</summary>
    public IReadOnlyList<TurnRecord> Measured => [.. Turns.Where(t => t.Phase != RunPhase.WarmUpIndex)];

    /// <summary>The turns due in a phase.</summary>
    public IReadOnlyList<TurnRecord> TurnsOf(PhaseFacts phase) => [.. Turns.Where(t => t.Phase == phase.Index)];

    /// <summary>The chunk gaps of some phases together; null without any.</summary>
    public LogHistogram? GapsOf(IEnumerable<PhaseFacts> phases)
    {
        LogHistogram? sum = null;
        foreach (var phase in phases)
        {
            if (Gaps.TryGetValue(phase.Index, out var gaps)) (sum ??= new()).Add(gaps);
        }

        return sum;
    }
}

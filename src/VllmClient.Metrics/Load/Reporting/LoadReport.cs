using System.Globalization;
using Vllm.Resources;

namespace Vllm.Load;

/// <summary>What a load run found.</summary>
public sealed record LoadReport
{
    /// <summary>Name and major version of this shape: <c>vllm-load/1</c>.</summary>
    public string Schema { get; init; } = "vllm-load/1";

    /// <summary>The plan that ran.</summary>
    public required LoadPlan Plan { get; init; }

    /// <summary>The plan's hash: equal plans run equal loads.</summary>
    public string PlanHash { get; init; } = "";

    /// <summary>SHA-256 of the arrivals of all phases with a rate, in lower-case hex.</summary>
    public string ScheduleHash { get; init; } = "";

    /// <summary>Machines that took part. Default: 1.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>When the run started, by the wall clock.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it lasted, warm-up and drain included.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Why it ended.</summary>
    public RunEnd End { get; init; }

    /// <summary>Whether quantiles come from every turn rather than from histograms.</summary>
    public bool IsExact { get; init; } = true;

    /// <summary>The judgement over all objectives.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>Why the verdict is what it is, a sentence each; empty if everything is met.</summary>
    public IReadOnlyList<string> Reasons { get => field ?? []; init; }

    /// <summary>Where it ran and what it ran against.</summary>
    public RunEnvironment Environment { get => field ?? new(); init; }

    /// <summary>The eleven figures of the classic benchmark script, of <see cref="Total"/>.</summary>
    public ClassicFigures Classic => ClassicFigures.Of(Total);

    /// <summary>All measured phases together.</summary>
    public PhaseReport Total { get => field ?? new(); init; }

    /// <summary>The measured phases, in order, pauses included.</summary>
    public IReadOnlyList<PhaseReport> Phases { get => field ?? []; init; }

    /// <summary>The warm-up, which is in no other figure; null if there was none.</summary>
    public PhaseReport? WarmUp { get; init; }

    /// <summary>The steady part of the run; null if there is none.</summary>
    public PhaseReport? Steady { get; init; }

    /// <summary>Why there is no steady part; null if there is one or none was looked for.</summary>
    public NotSteady? NotSteady { get; init; }

    /// <summary>The run second by second, warm-up and drain included.</summary>
    public IReadOnlyList<Slice> Slices { get => field ?? []; init; }

    /// <summary>The objectives, in the plan's order.</summary>
    public IReadOnlyList<ObjectiveResult> Objectives { get => field ?? []; init; }

    /// <summary>The run's checks of itself.</summary>
    public IReadOnlyList<CheckResult> Checks { get => field ?? []; init; }

    /// <summary>How well the load generator did, one entry per machine.</summary>
    public IReadOnlyList<GeneratorHealth> Health { get => field ?? []; init; }

    /// <summary>The calls of the measured turns, by step.</summary>
    public IReadOnlyList<StepReport> Steps { get => field ?? []; init; }

    /// <summary>The failures of all phases, warm-up included, by kind and phase.</summary>
    public IReadOnlyList<ErrorCount> Errors { get => field ?? []; init; }

    /// <summary>Up to 20 slowest completed turns, slowest first.</summary>
    public IReadOnlyList<SlowTurn> Slowest { get => field ?? []; init; }

    /// <summary>What the prompts were like; null for the caller's own work.</summary>
    public PromptReport? Prompts { get; init; }

    /// <summary>What the client, its machine and the servers used over the measured turns, from the first begin to the last end; null if nobody looked.</summary>
    public ResourceSummary? Resources { get; init; }

    /// <summary>The single readings behind <see cref="Resources"/>, of the whole run, on the time axis of the turns.</summary>
    public IReadOnlyList<ResourceTrack> ResourceTracks { get => field ?? []; init; }

    /// <summary>Every turn, warm-up included, in order of phase and number; null in a report read from a file without them.</summary>
    public IReadOnlyList<TurnRecord>? Turns { get; init; }

    /// <summary>Throws unless the verdict is <see cref="Verdict.Met"/>.</summary>
    /// <exception cref="LoadObjectivesException">It is anything else; the message has a line per objective.</exception>
    public void EnsureMet()
    {
        if (Verdict != Verdict.Met) throw new LoadObjectivesException(this);
    }

    /// <summary>The run in one line: <c>load: Met, 50 of 50 turns completed in 4.87 s (10.26/s), mean TTFT 19.9 ms, 1,950 output tokens/s</c>.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            Verdict.ToString(),
            string.Create(CultureInfo.InvariantCulture, $"{Total.Completed:#,0} of {Total.Offered:#,0} turns completed in {Total.Elapsed.TotalSeconds:0.##} s ({Total.CompletedPerSecond:#,0.##}/s)"),
            .. Total.TimeToFirstToken?.Mean is { } first ? [$"mean TTFT {ObjectiveText.Time(first.TotalSeconds)}"] : Array.Empty<string>(),
            .. Total.OutputTokensPerSecond is { } tokens ? [string.Create(CultureInfo.InvariantCulture, $"{tokens:#,0} output tokens/s")] : Array.Empty<string>(),
        ];
        return $"{Plan.Name}: {string.Join(", ", parts)}";
    }
}

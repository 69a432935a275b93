using System.Text.Json.Serialization;

namespace Vllm.Load;

/// <summary>What a load run does: data alone, so that it can be stored, compared and repeated.</summary>
public sealed record LoadPlan
{
    /// <summary>Name of the plan in reports and metrics. Default: <c>load</c>.</summary>
    public string Name { get; init; } = "load";

    /// <summary>The measured phases, in order; at least one that is not a pause, at most 255.</summary>
    public required IReadOnlyList<LoadPhase> Phases { get; init; }

    /// <summary>Seed of all randomness: arrivals, starts of users, prompts. Default: 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What runs before the first phase and is in no figure. Default: <see cref="LoadPhase.Auto"/>; null runs none.</summary>
    public LoadPhase? WarmUp { get; init; } = LoadPhase.Auto;

    /// <summary>The limits to judge; without any the verdict is <see cref="Verdict.Met"/>. Default: none.</summary>
    public IReadOnlyList<Objective> Objectives { get => field ?? []; init; }

    /// <summary>Confidence of the verdict, above 0.5 and below 1. Default: 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Most turns running at a time, at least 1. Default: 10,000.</summary>
    public int MaxInFlight { get; init; } = 10_000;

    /// <summary>What becomes of turns above that. Default: <see cref="InFlightOverflow.Queue"/>.</summary>
    public InFlightOverflow WhenFull { get; init; }

    /// <summary>The state of the server's prefix cache at the start. Default: <see cref="CacheStart.AsIs"/>.</summary>
    public CacheStart Cache { get; init; }

    /// <summary>Limit of a turn, after which it fails as <c>turn_timeout</c>; null sets none. Default: null.</summary>
    public TimeSpan? TurnTimeout { get; init; }

    /// <summary>How long running turns may take to end after the last phase; 0 or more. Default: 60 seconds.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the server may take to get ready, above 0. Default: 5 minutes.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>SHA-256 of everything that shapes the load and its judgement, in lower-case hex: all but the name.</summary>
    [JsonIgnore]
    public string Hash => PlanHash.Compute(this);

    /// <summary>Checks the plan: one sentence per problem, such as <c>Phases[1].PerSecond is 0; must be > 0 and finite</c>; empty if it can run.</summary>
    public IReadOnlyList<string> Validate() => PlanValidator.Validate(this);

    /// <summary>The plan by name and hash.</summary>
    public override string ToString() => $"LoadPlan({Name})";
}

namespace Vllm.Load;

/// <summary>What a run says about one objective.</summary>
/// <remarks>Definition: measuring.md#verdicts.</remarks>
public sealed record ObjectiveResult
{
    /// <summary>The objective.</summary>
    public Objective Objective { get => field ?? Objective.FailedShare(1); init; }

    /// <summary>Unit of the figures: <c>s</c>, or <c>1</c> for a share.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The limit.</summary>
    public double Limit { get; init; }

    /// <summary>The figure observed; null if the sample is too small to show one.</summary>
    public double? Observed { get; init; }

    /// <summary>Lower end of its 95 % interval; null if there is none.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end of its 95 % interval; null if there is none.</summary>
    public double? High { get; init; }

    /// <summary>What was judged: completed turns that have the figure (of chunk gaps, each gap), failed, dropped and cut-off turns.</summary>
    public long Count { get; init; }

    /// <summary>How many of them were bad: above the limit, failed, dropped, or cut off when they were above the limit already.</summary>
    public long Bad { get; init; }

    /// <summary>Turns among them that were cut off, so that their figures are known only to be at least as long as they ran. For a failed share, those that the end of the drain cut off.</summary>
    public long CutOff { get; init; }

    /// <summary>The least that the figure can be for any of those, by how long they ran; null without any, or where that says nothing about the figure. For a failed share, how long they ran.</summary>
    public TimeSpan? CutOffAtLeast { get; init; }

    /// <summary>How many independent turns they are worth; null if there is nothing to judge.</summary>
    public long? EffectiveCount { get; init; }

    /// <summary>Completed turns without a value, which were not judged.</summary>
    public long Missing { get; init; }

    /// <summary>Independent turns at which the share of bad ones seen would be enough for Met; null if the objective is decided, or if no number of turns would be.</summary>
    public long? NeededCount { get; init; }

    /// <summary>How many more turns that is than there were, at least 1; null as <see cref="NeededCount"/>.</summary>
    public long? MoreTurns { get; init; }

    /// <summary>The judgement; never <see cref="Verdict.RunInvalid"/>.</summary>
    public Verdict Outcome { get; init; }

    /// <summary>Why the evidence is not enough; null if the objective is met or not met.</summary>
    public NotEnoughReason? NotEnough { get; init; }

    /// <summary>The judgement in one line of English.</summary>
    public string Message { get; init; } = "";
}

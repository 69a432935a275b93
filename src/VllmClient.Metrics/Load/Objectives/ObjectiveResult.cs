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

    /// <summary>Turns judged: completed, failed and dropped.</summary>
    public long Count { get; init; }

    /// <summary>How many independent turns they are worth; null if there is nothing to judge.</summary>
    public long? EffectiveCount { get; init; }

    /// <summary>Completed turns without a value, which were not judged.</summary>
    public long Missing { get; init; }

    /// <summary>Turns at which the share of bad turns seen would be enough for Met; null if it never would.</summary>
    public long? NeededCount { get; init; }

    /// <summary>The judgement; never <see cref="Verdict.RunInvalid"/>.</summary>
    public Verdict Outcome { get; init; }

    /// <summary>The judgement in one line of English.</summary>
    public string Message { get; init; } = "";
}

namespace Vllm.Load;

/// <summary>Why a run cannot tell whether an objective is met.</summary>
/// <remarks>Definition: measuring.md#needed.</remarks>
public enum NotEnoughReason
{
    /// <summary>Too few turns: <see cref="ObjectiveResult.MoreTurns"/> says how many more it takes if they are as good as those seen.</summary>
    TooFewTurns,

    /// <summary>No turn has the figure, as when nothing was streamed.</summary>
    NoFigure,

    /// <summary>As many turns were bad as the limit allows, so more turns like these cannot show that it is met.</summary>
    AtLimit,

    /// <summary>It depends on turns that were cut off before their figure was known.</summary>
    CutOff,
}

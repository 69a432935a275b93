namespace Vllm.Load;

/// <summary>How a turn ended.</summary>
/// <remarks>Definition: measuring.md#outcomes.</remarks>
public enum TurnOutcome
{
    /// <summary>The work ended well, and so did its calls.</summary>
    Completed,

    /// <summary>The work threw, reported a failure, or ran into the plan's turn time-out.</summary>
    Failed,

    /// <summary>The plan's simulated client gave up; neither success nor failure.</summary>
    Abandoned,

    /// <summary>Still running when the drain ended or the run was stopped. Its times are known only to be at least as long as it ran; after the drain it counts as a failure.</summary>
    CutOff,

    /// <summary>Due, but never begun, because too many turns were running. Counts as a failure.</summary>
    Dropped,
}

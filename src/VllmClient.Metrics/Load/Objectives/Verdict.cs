namespace Vllm.Load;

/// <summary>What a run says about its objectives, or about one of them.</summary>
/// <remarks>Of several, the first in this order that applies to any objective is the run's. Definition: measuring.md#verdicts.</remarks>
public enum Verdict
{
    /// <summary>The client itself was too slow, or the record is inconsistent: the figures say nothing about the server.</summary>
    RunInvalid,

    /// <summary>The limit is missed: so many bad turns would be unlikely if it were kept.</summary>
    NotMet,

    /// <summary>Too few turns to tell.</summary>
    NotEnoughEvidence,

    /// <summary>The limit is kept: so few bad turns would be unlikely if it were missed.</summary>
    Met,
}

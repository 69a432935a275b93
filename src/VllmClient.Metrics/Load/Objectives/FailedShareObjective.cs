namespace Vllm.Load;

/// <summary>Limits the share of turns that fail or are dropped.</summary>
public sealed record FailedShareObjective : Objective
{
    /// <summary>The limit, from 0 to 1.</summary>
    public double AtMost { get; init; }
}

namespace Vllm.Load;

/// <summary>What one turn must keep to count as good. A limit that is null is not checked, and so is one whose figure a completed turn lacks.</summary>
/// <remarks>Definition: measuring.md#goodput.</remarks>
public sealed record TurnLimits
{
    /// <summary>Limit of the time to first token.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Limit of the mean time per output token.</summary>
    public TimeSpan? TimePerOutputToken { get; init; }

    /// <summary>Limit of the longest gap between content events.</summary>
    public TimeSpan? LongestGap { get; init; }

    /// <summary>Limit of the duration.</summary>
    public TimeSpan? Duration { get; init; }
}

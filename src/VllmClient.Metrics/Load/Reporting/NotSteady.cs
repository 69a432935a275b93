namespace Vllm.Load;

/// <summary>Why a run has no steady window.</summary>
/// <remarks>Definition: measuring.md#steady.</remarks>
public enum NotSteady
{
    /// <summary>Fewer than 20 seconds remain after the start-up.</summary>
    TooShort,

    /// <summary>A series rises or falls.</summary>
    Trend,

    /// <summary>A series varies too much from batch to batch.</summary>
    Noisy,

    /// <summary>The halves of a series differ.</summary>
    Shift,
}

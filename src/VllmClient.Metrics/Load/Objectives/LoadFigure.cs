namespace Vllm.Load;

/// <summary>A figure of a turn that an objective can limit.</summary>
public enum LoadFigure
{
    /// <summary>Time to the first content. Definition: measuring.md#ttft.</summary>
    TimeToFirstToken,

    /// <summary>Mean time per output token after the first. Definition: measuring.md#tpot.</summary>
    TimePerOutputToken,

    /// <summary>The gaps between content events. Definition: measuring.md#inter-chunk-gap.</summary>
    ChunkGap,

    /// <summary>The longest such gap of a turn. Definition: measuring.md#longest-gap.</summary>
    LongestGap,

    /// <summary>Time to the last content. Definition: measuring.md#latency.</summary>
    Duration,
}

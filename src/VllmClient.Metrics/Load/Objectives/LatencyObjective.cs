namespace Vllm.Load;

/// <summary>Limits a quantile of a latency.</summary>
public sealed record LatencyObjective : Objective
{
    /// <summary>What is limited.</summary>
    public LoadFigure Figure { get; init; }

    /// <summary>The quantile, above 0 and below 1.</summary>
    public double Quantile { get; init; }

    /// <summary>The limit, above 0.</summary>
    public TimeSpan AtMost { get; init; }
}

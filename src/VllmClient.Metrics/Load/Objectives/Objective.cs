using System.Text.Json.Serialization;

namespace Vllm.Load;

/// <summary>A limit that a run must keep.</summary>
/// <remarks>Definition: measuring.md#verdicts.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LatencyObjective), "latency")]
[JsonDerivedType(typeof(FailedShareObjective), "failedShare")]
public abstract record Objective
{
    private protected Objective() { }

    /// <summary>Where time to first token and duration begin. Default: <see cref="LatencyFrom.Due"/>; other figures ignore it.</summary>
    public LatencyFrom From { get; init; }

    /// <summary>The phase that is judged; null judges all measured phases together.</summary>
    public string? Phase { get; init; }

    /// <summary>Limits a quantile of the time to first token.</summary>
    /// <param name="quantile">The quantile, above 0 and below 1: 0.95, not 95.</param>
    /// <param name="atMost">The limit, above 0.</param>
    public static Objective TimeToFirstToken(double quantile, TimeSpan atMost) => Latency(LoadFigure.TimeToFirstToken, quantile, atMost);

    /// <summary>Limits a quantile of the mean time per output token of a turn.</summary>
    /// <inheritdoc cref="TimeToFirstToken" path="/param"/>
    public static Objective TimePerOutputToken(double quantile, TimeSpan atMost) => Latency(LoadFigure.TimePerOutputToken, quantile, atMost);

    /// <summary>Limits a quantile of the gaps between content events, over all turns.</summary>
    /// <inheritdoc cref="TimeToFirstToken" path="/param"/>
    public static Objective ChunkGap(double quantile, TimeSpan atMost) => Latency(LoadFigure.ChunkGap, quantile, atMost);

    /// <summary>Limits a quantile of the longest gap of a turn.</summary>
    /// <inheritdoc cref="TimeToFirstToken" path="/param"/>
    public static Objective LongestGap(double quantile, TimeSpan atMost) => Latency(LoadFigure.LongestGap, quantile, atMost);

    /// <summary>Limits a quantile of the duration of a turn.</summary>
    /// <inheritdoc cref="TimeToFirstToken" path="/param"/>
    public static Objective Duration(double quantile, TimeSpan atMost) => Latency(LoadFigure.Duration, quantile, atMost);

    /// <summary>Limits the share of turns that fail or are dropped.</summary>
    /// <param name="atMost">The share, from 0 to 1: 0.01, not 1.</param>
    public static Objective FailedShare(double atMost) => new FailedShareObjective { AtMost = atMost };

    static LatencyObjective Latency(LoadFigure figure, double quantile, TimeSpan atMost) =>
        new() { Figure = figure, Quantile = quantile, AtMost = atMost };
}

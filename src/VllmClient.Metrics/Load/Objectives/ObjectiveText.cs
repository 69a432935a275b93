using System.Globalization;

namespace Vllm.Load;

/// <summary>Objectives and their figures in English.</summary>
static class ObjectiveText
{
    /// <summary>The objective, as <c>TTFT from due p95 &lt;= 500 ms</c>.</summary>
    public static string Of(Objective objective)
    {
        var text = objective switch
        {
            LatencyObjective latency => $"{FigureOf(latency)} {QuantileName(latency.Quantile)} <= {Time(latency.AtMost.TotalSeconds)}",
            FailedShareObjective share => $"failed share <= {Share(share.AtMost)}",
            _ => throw new ArgumentOutOfRangeException(nameof(objective)),
        };
        return objective.Phase is { } phase ? $"{phase}: {text}" : text;
    }

    /// <summary>A quantile's name: <c>p95</c>, <c>p99.9</c>.</summary>
    public static string QuantileName(double quantile) => string.Create(CultureInfo.InvariantCulture, $"p{(decimal)quantile * 100:0.####}");

    /// <summary>A time in milliseconds with as many digits as say something.</summary>
    public static string Time(double seconds) => $"{Milliseconds(seconds)} ms";

    /// <summary>The same without its unit.</summary>
    public static string Milliseconds(double seconds)
    {
        var value = seconds * 1000;
        var format = value switch { < 10 => "0.##", < 100 => "0.#", _ => "#,0.#" };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A share in per cent.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{(decimal)Math.Round(share * 100, 3):0.###} %");

    static string FigureOf(LatencyObjective objective)
    {
        var from = objective.From == LatencyFrom.Due ? " from due" : "";
        return objective.Figure switch
        {
            LoadFigure.TimeToFirstToken => $"TTFT{from}",
            LoadFigure.Duration => $"duration{from}",
            LoadFigure.TimePerOutputToken => "TPOT",
            LoadFigure.ChunkGap => "chunk gap",
            _ => "longest gap",
        };
    }
}

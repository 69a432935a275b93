using System.Globalization;
using Vllm.Statistics;

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

    /// <summary>What a run says about an objective, and how much more it would take to tell.</summary>
    public static string Of(ObjectiveResult result, double confidence)
    {
        var isShare = result.Objective is FailedShareObjective;
        var seen = result.NotEnough == NotEnoughReason.NoFigure ? isShare ? "no turn to judge" : "no turn has this figure"
            : isShare ? string.Create(CultureInfo.InvariantCulture, $"{result.Bad:#,0} of {result.Count:#,0}, at most {Share(Judgement.UpperShare(result.Count, result.Bad, 1 - confidence))} at {Share(confidence)}")
            : string.Create(CultureInfo.InvariantCulture, $"{Observed(result)}, {result.Bad:#,0} of {result.Count:#,0} above it or failed");
        return $"{Of(result.Objective)}: {seen}{CutOff(result)}{More(result)}";
    }

    /// <summary>A quantile's name: <c>p95</c>, <c>p99.9</c>.</summary>
    public static string QuantileName(double quantile) => string.Create(CultureInfo.InvariantCulture, $"p{(decimal)quantile * 100:0.####}");

    /// <summary>A time in milliseconds with as many digits as say something.</summary>
    public static string Time(double seconds) => $"{Milliseconds(seconds)} ms";

    /// <summary>The same without its unit.</summary>
    public static string Milliseconds(double seconds)
    {
        var value = seconds * 1000;
        return value.ToString(value < 10 ? "0.##" : "#,0.#", CultureInfo.InvariantCulture);
    }

    /// <summary>A share in per cent.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{(decimal)Math.Round(share * 100, 3):0.###} %");

    static string Observed(ObjectiveResult result) => result.Observed is { } value ? $"{Time(value)} [{End(result.Low)}, {End(result.High)}]" : "too few turns to show it";

    static string End(double? value) => value is { } seconds ? Milliseconds(seconds) : "-";

    static string CutOff(ObjectiveResult result) => result.CutOff == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; {result.CutOff:#,0} cut off{(result.CutOffAtLeast is { } least ? $" after at least {Time(least.TotalSeconds)}" : "")}");

    static string More(ObjectiveResult result) => result.NotEnough switch
    {
        NotEnoughReason.TooFewTurns => string.Create(CultureInfo.InvariantCulture, $"; {result.MoreTurns:#,0} more turns needed"),
        NotEnoughReason.AtLimit => "; as many bad turns as the limit allows: more like these cannot show that it is met",
        NotEnoughReason.CutOff => "; it depends on the turns that were cut off: give them more time to drain",
        _ => "",
    };

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

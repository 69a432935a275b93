using System.Globalization;
using Vllm.Load;

namespace Vllm.Reports;

/// <summary>An objective and what became of it, in words.</summary>
static class ObjectiveText
{
    public static Label Outcome(Verdict verdict) => verdict switch
    {
        Verdict.Met => Label.Met,
        Verdict.NotMet => Label.NotMet,
        Verdict.NotEnoughEvidence => Label.NotEnough,
        _ => Label.Invalid,
    };

    /// <summary>The limit: <c>TTFT from due p95 &lt;= 500 ms</c>.</summary>
    public static string Limit(Objective objective, ReportLanguage language)
    {
        var phase = objective.Phase is null ? "" : $" ({language.Text(Label.Phase)} {PhaseText.Name(objective.Phase, 24, language)})";
        return objective switch
        {
            LatencyObjective latency => $"{Figure(latency, language)} {QuantileName(latency.Quantile)} <= {NumberText.Length(latency.AtMost)}{phase}",
            FailedShareObjective share => $"{language.Text(Label.FailedShare)} <= {NumberText.Percent(share.AtMost)} %{phase}",
            _ => phase.TrimStart(),
        };
    }

    /// <summary>What was seen: <c>53.3 ms [51.0, 71.8], n 200</c>, and how much more is needed.</summary>
    public static string Seen(ObjectiveResult result, ReportLanguage language)
    {
        if (result.NotEnough == NotEnoughReason.NoFigure)
            return More(result, language);
        var seen = result.Objective is FailedShareObjective ? Share(result, language) : Latency(result, language);
        var more = More(result, language);
        return more.Length == 0 ? seen : $"{seen}; {more}";
    }

    /// <summary>Why an objective is not met, in one line.</summary>
    public static string Reason(ObjectiveResult result, ReportLanguage language)
    {
        var more = More(result, language);
        return $"{Limit(result.Objective, language)}: {(more.Length > 0 ? more : Seen(result, language))}";
    }

    static string More(ObjectiveResult result, ReportLanguage language) => result.NotEnough switch
    {
        NotEnoughReason.TooFewTurns => language.Text(Label.MoreTurns, NumberText.Count(result.MoreTurns)),
        NotEnoughReason.NoFigure => language.Text(Label.NoFigure),
        NotEnoughReason.AtLimit => language.Text(Label.AtLimit),
        NotEnoughReason.CutOff => language.Text(Label.DependsOnCutOff),
        _ => "",
    };

    // Turns that were cut off could have moved what was seen, so they stand beside it.
    static string CutOff(ObjectiveResult result, ReportLanguage language) =>
        result.CutOff == 0 ? "" : $", {language.Text(Label.CutOff)} {CutOffText.Count(result.CutOff, result.CutOffAtLeast, language)}";

    static string Latency(ObjectiveResult result, ReportLanguage language)
    {
        var value = result.Observed is null ? language.Text(Label.NoValue) : NumberText.WithMilliseconds(result.Observed);
        var interval = NumberText.Interval(result.Low, result.High);
        return $"{value}{(interval == NumberText.Absent ? "" : " " + interval)}, n {NumberText.Count(result.Count)}{CutOff(result, language)}";
    }

    static string Share(ObjectiveResult result, ReportLanguage language)
    {
        if (result.Observed is not { } share)
            return $"{language.Text(Label.NoValue)}, n {NumberText.Count(result.Count)}";
        var bad = language.Text(Label.Of, NumberText.Count((long)Math.Round(share * result.Count)), NumberText.Count(result.Count));
        var most = result.High is { } high ? $", {language.Text(Label.AtMostAt95, NumberText.Percent(high))}" : "";
        return bad + most + CutOff(result, language);
    }

    static string Figure(LatencyObjective latency, ReportLanguage language)
    {
        var name = language.Text(latency.Figure switch
        {
            LoadFigure.TimeToFirstToken => Label.TimeToFirstToken,
            LoadFigure.TimePerOutputToken => Label.TimePerOutputToken,
            LoadFigure.ChunkGap => Label.ChunkGap,
            LoadFigure.LongestGap => Label.LongestGap,
            _ => Label.Duration,
        });
        return latency.Figure is LoadFigure.TimeToFirstToken or LoadFigure.Duration
            ? $"{name} {language.Text(latency.From == LatencyFrom.Due ? Label.FromDue : Label.FromSent)}"
            : name;
    }

    static string QuantileName(double quantile) => "p" + (quantile * 100).ToString("0.####", CultureInfo.InvariantCulture);
}

using Vllm.Load;
using Vllm.Statistics;

namespace Vllm.Reports;

/// <summary>How far the figures can be trusted: objectives with their evidence, the client's own error, self-checks.</summary>
sealed class TrustSections(TextLines lines, LoadReport report, ReportLanguage language)
{
    /// <summary>How sure the report is of itself.</summary>
    public void Evidence()
    {
        foreach (var health in report.Health)
            OwnError(health);
        Checks();
    }

    /// <summary>What was to be reached, and what was seen of it.</summary>
    public void Objectives()
    {
        if (report.Objectives.Count == 0)
            return;
        lines.Line(language.Text(Label.Objectives));
        foreach (var result in report.Objectives)
        {
            lines.Labelled("  " + language.Text(ObjectiveText.Outcome(result.Outcome)),
                $"{ObjectiveText.Limit(result.Objective, language)}   {ObjectiveText.Seen(result, language)}");
        }
    }

    void OwnError(GeneratorHealth health)
    {
        if (health is not { DispatchDelay: { } dispatch })
            return;
        var (name, pick) = Highest(dispatch);
        var shard = health.Shard is { } index ? $" {NumberText.Count(index)}" : "";
        lines.Labelled(language.Text(Label.OwnError) + shard,
            $"{name} ms: {language.Text(Label.Dispatch)} {NumberText.Milliseconds(pick(dispatch))}, {language.Text(Label.Send)} {NumberText.Milliseconds(health.SendDelay is { } send ? pick(send) : null)}");
    }

    /// <summary>The highest quantile that the sample can show; a small one shows its maximum.</summary>
    (string Name, Func<Distribution<TimeSpan>, TimeSpan?> Pick) Highest(Distribution<TimeSpan> delays) => delays switch
    {
        { P99: not null } => ("p99", d => d.P99?.Value),
        { P95: not null } => ("p95", d => d.P95?.Value),
        { P90: not null } => ("p90", d => d.P90?.Value),
        { P50: not null } => ("p50", d => d.P50?.Value),
        _ => (language.Text(Label.Max), d => d.Max),
    };

    void Checks()
    {
        var label = language.Text(Label.SelfChecks);
        foreach (var check in report.Checks.OrderByDescending(check => check.Passed is true))
        {
            var failed = check.Passed is false;
            var mark = check.Passed is true ? language.Text(Label.CheckOk) + " " : failed ? "" : language.Text(Label.CheckNone) + ": ";
            lines.Labelled(failed ? "  " + language.Text(Label.CheckFailed) : label, mark + SentenceText.Of(DisplayText.Clean(check.Message, 400), language));
            label = failed ? label : "";
        }
    }
}

using Vllm.Load;

namespace Vllm.Reports;

/// <summary>A line for each step of the turns, in the order in which they first ran; none where every turn makes one call of one kind.</summary>
static class StepTable
{
    const int MostSteps = 20;
    const int NameColumns = 30;

    public static void Write(TextLines lines, LoadReport report, ReportLanguage language)
    {
        if (report.Steps.Count == 0 || (report.Steps is [var only] && only.Count == report.Total.Started))
            return;
        lines.Gap();
        lines.Line(new TableRow().Left(language.Text(Label.Steps), NameColumns).Right(language.Text(Label.Calls), 10).Right(language.Text(Label.Failed), 10)
            .Right("TTFT p50", 12).Right("p95", 10).Right($"{language.Text(Label.Duration)} p50", 14).Right("p95, ms", 10).ToString());
        foreach (var step in report.Steps.Take(MostSteps))
        {
            lines.Line(new TableRow().Left("  " + DisplayText.Clean(step.Name, NameColumns - 4), NameColumns)
                .Right(NumberText.Count(step.Count), 10).Right(NumberText.Count(step.Failed), 10)
                .Right(NumberText.Milliseconds(step.TimeToFirstToken?.P50?.Value), 12).Right(NumberText.Milliseconds(step.TimeToFirstToken?.P95?.Value), 10)
                .Right(NumberText.Milliseconds(step.Duration.P50?.Value), 14).Right(NumberText.Milliseconds(step.Duration.P95?.Value), 10).ToString());
        }

        if (report.Steps.Count > MostSteps)
            lines.Line("  " + language.Text(Label.MoreGaps, NumberText.Count(report.Steps.Count - MostSteps)));
    }
}

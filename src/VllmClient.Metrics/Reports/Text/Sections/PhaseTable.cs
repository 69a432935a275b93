using Vllm.Load;

namespace Vllm.Reports;

/// <summary>A line for each phase, where there are several.</summary>
static class PhaseTable
{
    const int NameColumns = 18;

    public static void Write(TextLines lines, LoadReport report, ReportLanguage language)
    {
        lines.Gap();
        lines.Line(new TableRow().Left(language.Text(Label.PhaseTable), NameColumns).Right(language.Text(Label.TargetColumn), 8)
            .Right(language.Text(Label.Offered), 9).Right(language.Text(Label.Completed), 11).Right(language.Text(Label.Failed), 8)
            .Right($"{language.Text(Label.Done)}/s", 9).Right(language.Text(Label.TokensPerSecond), 9).Right("TTFT p50", 9).Right("p95, ms", 9)
            .Right(language.Text(Label.InFlight), 10).ToString());
        foreach (var phase in report.Phases)
        {
            lines.Line(new TableRow().Left(PhaseText.Name(phase.Name, NameColumns, language), NameColumns)
                .Right(phase.Target is { } target ? NumberText.Number(target) : NumberText.Absent, 8)
                .Right(NumberText.Count(phase.Offered), 9).Right(NumberText.Count(phase.Completed), 11).Right(NumberText.Count(phase.Failed), 8)
                .Right(NumberText.Rate(phase.CompletedPerSecond), 9).Right(NumberText.Rate(phase.OutputTokensPerSecond), 9)
                .Right(NumberText.Milliseconds(phase.TimeToFirstToken?.P50?.Value), 9)
                .Right(NumberText.Milliseconds(phase.TimeToFirstToken?.P95?.Value), 9)
                .Right(NumberText.Rate(phase.MeanInFlight), 10).ToString());
        }
    }
}

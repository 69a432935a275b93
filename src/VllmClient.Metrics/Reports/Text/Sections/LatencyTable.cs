using Vllm.Load;
using Vllm.Statistics;

namespace Vllm.Reports;

/// <summary>The table of latencies of all measured phases together.</summary>
static class LatencyTable
{
    public static void Write(TextLines lines, LoadReport report, ReportLanguage language)
    {
        var total = report.Total;
        (Label Name, Distribution<TimeSpan>? Figure)[] rows =
        [
            (Label.TimeToFirstToken, total.TimeToFirstToken),
            (Label.TimeToFirstTokenFromDue, total.TimeToFirstTokenFromDue),
            (Label.TimePerOutputToken, total.TimePerOutputToken),
            (Label.ChunkGap, total.ChunkGap),
            (Label.LongestGap, total.LongestGap),
            (Label.Duration, total.Duration),
            (Label.DurationFromDue, total.DurationFromDue),
            (Label.FailedDuration, total.FailedDuration),
        ];
        var shown = rows.Where(row => row.Figure is { Count: > 0 }).ToList();
        lines.Gap();
        if (shown.Count == 0)
        {
            lines.Line(language.Text(Label.NoTurns));
            return;
        }

        lines.Line(Head(language));
        foreach (var (name, figure) in shown)
            lines.Line(Row(language.Text(name), figure!));
        lines.Line(Footnote(report, shown.Max(row => row.Figure!.Count), language));
        if (total.CutOff > 0)
            lines.Indented("", language.Text(Label.CutOffNote, NumberText.Count(total.CutOff), NumberText.Length(total.CutOffAtLeast ?? TimeSpan.Zero)));
    }

    static string Head(ReportLanguage language)
    {
        var interval = language.Text(Label.Interval);
        return new TableRow().Left(language.Text(Label.LatencyTable), 14).Right("n", 8).Right(language.Text(Label.Missing), 5)
            .Right(language.Text(Label.Mean), 9).Right("p50", 9).Skip(2).Left(interval, 13).Right("p95", 10).Skip(2).Left(interval, 13)
            .Right("p99", 7).Right(language.Text(Label.Max), 8).ToString();
    }

    static string Row(string name, Distribution<TimeSpan> figure) =>
        new TableRow().Left(name, 14).Right(NumberText.Count(figure.Count), 8).Right(NumberText.Count(figure.Missing), 5)
            .Right(NumberText.Milliseconds(figure.Mean), 9)
            .Right(NumberText.Milliseconds(figure.P50?.Value), 9).Skip(2).Left(NumberText.Interval(figure.P50?.Low, figure.P50?.High), 13)
            .Right(NumberText.Milliseconds(figure.P95?.Value), 10).Skip(2).Left(NumberText.Interval(figure.P95?.Low, figure.P95?.High), 13)
            .Right(NumberText.Milliseconds(figure.P99?.Value), 7).Right(NumberText.Milliseconds(figure.Max), 8).ToString();

    static string Footnote(LoadReport report, long most, ReportLanguage language)
    {
        var turns = report.Total.Completed;
        var needed = turns switch { < 10 => ("p50", "10"), < 100 => ("p95", "100"), < 500 => ("p99", "500"), _ => ("", "") };
        var kind = language.Text(report.IsExact ? Label.Exact : Label.FromHistograms);
        return needed.Item1.Length == 0 || most == 0 ? kind : $"{needed.Item1} {language.Text(Label.Needs, needed.Item2)}; {kind}";
    }
}

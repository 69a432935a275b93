using Vllm.Load;

namespace Vllm.Reports;

/// <summary>What the server carried: throughput, concurrency, outcomes, errors.</summary>
sealed class LoadSections(TextLines lines, LoadReport report, ReportLanguage language)
{
    const int MostErrors = 10;

    public void Write()
    {
        lines.Gap();
        Throughput();
        var total = report.Total;
        lines.Parts(Text(Label.Concurrency), $"{Text(Label.MeanInFlight)} {NumberText.Rate(total.MeanInFlight)}",
            $"{Text(Label.Peak)} {NumberText.Count(total.PeakInFlight)}", $"{Text(Label.PeakBacklog)} {NumberText.Count(total.PeakBacklog)}");
        lines.Parts(Text(Label.Outcomes), Counted(Label.Completed, total.Completed), Counted(Label.Failed, total.Failed),
            Counted(Label.Abandoned, total.Abandoned), $"{Text(Label.CutOff)} {CutOffText.Count(total.CutOff, total.CutOffAtLeast, language)}", Counted(Label.Dropped, total.Dropped));
        if (report.Errors.Count > 0)
            Errors();
    }

    void Throughput()
    {
        var total = report.Total;
        List<string> parts = [Rate(Label.Offered, total.OfferedPerSecond, "/s"), Rate(Label.Completed, total.CompletedPerSecond, "/s")];
        if (total.OutputTokensPerSecond is { } output)
            parts.Add(Rate(Label.Output, output, TokensPerSecond));
        if (total.TotalTokensPerSecond is { } all)
            parts.Add(Rate(Label.Total, all, TokensPerSecond));
        lines.Parts(Text(Label.Throughput), parts);
        Steady();
    }

    void Steady()
    {
        var label = "  " + Text(Label.SteadyWindow);
        if (report.Steady is { } steady)
        {
            lines.Parts(label, NumberText.Length(steady.Elapsed),
                Rate(Label.Completed, steady.CompletedPerSecond, "/s") + NumberText.RateInterval(steady.CompletedPerSecondLow, steady.CompletedPerSecondHigh),
                Rate(Label.Output, steady.OutputTokensPerSecond, TokensPerSecond) + NumberText.RateInterval(steady.OutputTokensPerSecondLow, steady.OutputTokensPerSecondHigh));
        }
        else if (report.NotSteady is { } why)
        {
            var (word, because) = why switch
            {
                NotSteady.TooShort => (Label.TooShort, language.Text(Label.NeedsSeconds, NumberText.Length(report.Total.OfferedFor))),
                NotSteady.Trend => (Label.TrendWord, Text(Label.Trend)),
                NotSteady.Noisy => (Label.NoisyWord, Text(Label.Noisy)),
                _ => (Label.ShiftWord, Text(Label.Shift)),
            };
            lines.Labelled(label, $"{Text(Label.NoSteadyWindow)} ({Text(word)}: {because})");
        }
    }

    void Errors()
    {
        lines.Line(new TableRow().Left(Text(Label.ErrorTable), 40).Right(Text(Label.ErrorCount), 10).Right(Text(Label.FirstAt), 10)
            .Skip(2).Left(Text(Label.Phase), 36).ToString());
        var errors = report.Errors.OrderByDescending(error => error.Count).ThenBy(error => error.FirstAt).ToList();
        foreach (var error in errors.Take(MostErrors))
        {
            lines.Line(new TableRow().Left("  " + DisplayText.Clean(error.Type, 36), 40).Right(NumberText.Count(error.Count), 10)
                .Right(NumberText.Clock(error.FirstAt), 10).Skip(2).Left(PhaseText.Name(error.Phase, 30, language), 36).ToString());
        }

        if (errors.Count > MostErrors)
        {
            lines.Line(new TableRow().Left("  " + language.Text(Label.OtherErrors, NumberText.Count(errors.Count - MostErrors)), 40)
                .Right(NumberText.Count(errors.Skip(MostErrors).Sum(error => error.Count)), 10).ToString());
        }
    }

    string Rate(Label label, double? rate, string unit) => $"{Text(label)} {NumberText.Rate(rate)}{(rate is null ? "" : unit)}";

    string Counted(Label label, long count) => $"{Text(label)} {NumberText.Count(count)}";

    string TokensPerSecond => " " + Text(Label.TokensPerSecond);

    string Text(Label label) => language.Text(label);
}

using System.Globalization;
using Vllm.Load;

namespace Vllm.Reports;

/// <summary>The console report, section by section.</summary>
sealed class TextReport(TextLines lines, LoadReport report, ReportLanguage language)
{
    const int NameColumns = 38;

    public void Write(string? title)
    {
        Head(title);
        if (report.Verdict == Verdict.RunInvalid)
            Reasons(language.Text(Label.InvalidFirst));
        new ClassicBlock(lines, language).Write(report.Classic);
        LatencyTable.Write(lines, report, language);
        if (report.Phases.Count > 1)
            PhaseTable.Write(lines, report, language);
        StepTable.Write(lines, report, language);
        new LoadSections(lines, report, language).Write();
        var trust = new TrustSections(lines, report, language);
        trust.Objectives();
        if (report.Resources is { } resources)
            new ResourceSection(lines, resources, report.Environment.Cores, language).Write();
        trust.Evidence();
        Reasons(VerdictLine());
    }

    void Head(string? title)
    {
        var environment = report.Environment;
        string?[] server =
        [
            environment.Model is { } model ? $"{language.Text(Label.Model)} {DisplayText.Clean(model, NameColumns)}" : null,
            environment.ServerVersion is { } version ? $"vLLM {DisplayText.Clean(version, 20)}" : null,
        ];
        lines.Sides($"{language.Text(Label.Title)}: {DisplayText.Clean(title ?? report.Plan.Name, NameColumns)}", string.Join(", ", server.OfType<string>()));
        var started = report.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var hash = DisplayText.Clean(report.PlanHash.Length > 8 ? report.PlanHash[..8] : report.PlanHash, 8);
        lines.Sides(End() + PlanText.Load(report, language),
            $"{language.Text(Label.Started)} {started}, {language.Text(Label.Seed)} {NumberText.Plain(report.Plan.Seed)}, {language.Text(Label.Plan)} {hash}");
        if (environment.ServerUrl is { } url)
            lines.Indented("", DisplayText.Clean(url + environment.Endpoint, 300));
    }

    string End() => report.End switch
    {
        RunEnd.Finished => "",
        RunEnd.Stopped => language.Text(Label.StoppedPartial) + ": ",
        RunEnd.Cancelled => language.Text(Label.CancelledPartial) + ": ",
        _ => language.Text(Label.StopRulePartial) + ": ",
    };

    string VerdictLine()
    {
        var word = report.Verdict switch
        {
            Verdict.Met => Label.VerdictMet,
            Verdict.NotMet => Label.VerdictNotMet,
            Verdict.NotEnoughEvidence => Label.VerdictNotEnough,
            _ => Label.VerdictInvalid,
        };
        var line = $"{language.Text(Label.Verdict)}: {language.Text(word)}";
        return report.Verdict == Verdict.Met && report.Objectives.Count == 0 ? $"{line}: {language.Text(Label.NoObjectives)}" : line;
    }

    void Reasons(string head)
    {
        lines.Gap();
        lines.Line(head);
        // A reason that an objective gave is said in the report's own language and length.
        foreach (var reason in report.Reasons)
        {
            var objective = report.Objectives.FirstOrDefault(result => result.Message == reason);
            lines.Indented("  ", objective is null ? SentenceText.Of(DisplayText.Clean(reason, 1000), language) : ObjectiveText.Reason(objective, language));
        }
    }
}

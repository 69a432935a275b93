using Vllm.Load;

namespace Vllm.Reports;

/// <summary>The eleven figures in the order of the classic script; in Chinese exactly as it printed them.</summary>
sealed class ClassicBlock(TextLines lines, ReportLanguage language)
{
    const int NumberEnds = 35;

    public void Write(ClassicFigures figures)
    {
        var isChinese = language == ReportLanguage.Chinese;
        lines.Gap();
        Line(Label.TotalRequests, Whole(figures.Requests), note: figures.FailedRequests > 0 ? $"{NumberText.Count(figures.FailedRequests)} {language.Text(Label.FailedBeside)}" : "");
        Line(Label.AverageLatency, Number(figures.MeanLatency?.TotalSeconds, 3), unit: true);
        Line(Label.MaximumLatency, Number(figures.MaxLatency?.TotalSeconds, 3), unit: true);
        Line(Label.MinimumLatency, Number(figures.MinLatency?.TotalSeconds, 3), unit: true);
        var least = figures.RequestsWithoutUsage > 0 ? $"{language.Text(Label.AtLeast)}: {NumberText.Count(figures.RequestsWithoutUsage)} {language.Text(Label.WithoutUsage)}" : "";
        Line(Label.TotalInput, Whole(figures.InputTokens), note: least);
        Line(Label.TotalOutput, Whole(figures.OutputTokens), note: least);
        Line(Label.OutputPerRequest, Number(figures.OutputTokensPerRequest, 2), note: least);
        Line(Label.TotalTokens, Whole(figures.TotalTokens), note: least);
        Line(Label.AverageSpeed, Number(figures.TokensPerSecond, 2), note: isChinese ? "" : language.Text(Label.AverageSpeedNote));
        Line(Label.Tpm, Number(figures.TokensPerMinute, 2));
        Line(Label.TotalTime, Number(figures.TotalTime?.TotalSeconds, 2), unit: true);
    }

    void Line(Label label, string number, bool unit = false, string note = "")
    {
        var name = language.Text(label);
        var measured = number == NumberText.Absent || !unit ? number : $"{number} {language.Text(Label.Seconds)}";
        if (language == ReportLanguage.Chinese)
        {
            lines.Line(note.Length == 0 ? $"{name}: {measured}" : $"{name}: {measured}  ({note})");
            return;
        }

        var padded = name + DisplayText.PadLeft(number, Math.Max(NumberEnds - name.Length, number.Length + 1)) + measured[number.Length..];
        lines.Line(note.Length == 0 ? padded : $"{padded}   {note}");
    }

    string Whole(long? value) => language == ReportLanguage.Chinese ? NumberText.Plain(value) : NumberText.Count(value);

    string Number(double? value, int decimals) =>
        language == ReportLanguage.Chinese ? NumberText.Plain(value, decimals) : NumberText.Fixed(value, decimals);
}

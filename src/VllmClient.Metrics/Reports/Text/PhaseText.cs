using Vllm.Load;

namespace Vllm.Reports;

/// <summary>Names of phases. Those that the library gives are translated; a plan's own names are not.</summary>
static class PhaseText
{
    public static string Name(string name, int columns, ReportLanguage language)
    {
        var shown = DisplayText.Clean(name, columns);
        var end = shown.LastIndexOf('-');
        var isNumbered = end > 0 && int.TryParse(shown.AsSpan(end + 1), out _);
        Label? label = (isNumbered ? shown[..end] : shown) switch
        {
            "users" => Label.PhaseUsers,
            "rate" => Label.PhaseRate,
            "pause" => Label.PhasePause,
            PhaseNames.WarmUp => Label.PhaseWarmUp,
            PhaseNames.Drain => Label.PhaseDrain,
            PhaseNames.Total => Label.PhaseTotal,
            _ => null,
        };
        return label is null ? shown : language.Text(label.Value) + (isNumbered ? shown[end..] : "");
    }
}

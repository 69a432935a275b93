using System.Globalization;

namespace Vllm.Load;

/// <summary>Says in English how many turns were cut off, and how long each had run at least.</summary>
static class CutOffText
{
    /// <summary>For a run that was asked nothing, and whose turns did not all end.</summary>
    public static string Hung(IReadOnlyList<TurnRecord> turns) =>
        $"{Count([.. turns.Where(t => TurnFigures.IsCutByDrain(t))])} when the time to drain was over, so the figures leave them out.";

    /// <summary>As <c>114 turns were still running after at least 2,000 ms</c>.</summary>
    public static string Count(IReadOnlyList<TurnRecord> cutOff)
    {
        var least = CutOffFigures.Least(LoadFigure.Duration, LatencyFrom.Due, cutOff) is { } ticks ? $" after at least {ObjectiveText.Time((double)ticks / TimeSpan.TicksPerSecond)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{cutOff.Count:#,0} turns were still running{least}");
    }
}

namespace Vllm.Reports;

/// <summary>How many turns were cut off, and after how long at least.</summary>
static class CutOffText
{
    public static string Count(long turns, TimeSpan? atLeast, ReportLanguage language) => atLeast is { } time
        ? language.Text(Label.CutOffAfter, NumberText.Count(turns), NumberText.Length(time))
        : NumberText.Count(turns);
}

namespace Vllm.Reports;

/// <summary>Settings of the console report.</summary>
public sealed record TextReportOptions
{
    /// <summary>Language of the labels. Default: English.</summary>
    public ReportLanguage Language { get; init; }

    /// <summary>Shown in the first line in place of the plan's name. Default: null, the plan's name.</summary>
    public string? Title { get; init; }
}

namespace Vllm.Reports;

/// <summary>Settings of the JSON report.</summary>
public sealed record JsonReportOptions
{
    /// <summary>Whether the file is indented by two spaces. Default: true.</summary>
    public bool Indented { get; init; } = true;

    /// <summary>Whether the records of the single turns are written, if the report holds them: about 60 bytes a turn. Default: false.</summary>
    public bool Turns { get; init; }
}

using Vllm.Load;
using Vllm.Reports;

namespace LoadRunnerSample;

/// <summary>How progress is shown.</summary>
enum ProgressMode
{
    Live,
    Lines,
    None,
}

/// <summary>What the command line asks for, checked and in the library's own terms.</summary>
sealed record RunSettings
{
    /// <summary>The server; null starts the simulator.</summary>
    public Uri? Url { get; init; }

    public string Simulate { get; init; } = "h100-8b";

    public string? Model { get; init; }

    public string? ApiKey { get; init; }

    public bool IsChat { get; init; }

    public required LoadPlan Plan { get; init; }

    public required Prompts Prompts { get; init; }

    public string? Out { get; init; }

    public ReportLanguage Language { get; init; }

    public ProgressMode Progress { get; init; }
}

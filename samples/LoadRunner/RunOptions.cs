using Vllm.Load;
using Vllm.Reports;
using Vllm.Simulator;

namespace LoadRunnerSample;

enum Endpoint
{
    Completions,
    Chat,
}

enum ProgressKind
{
    Live,
    Lines,
    None,
}

/// <summary>What the command line asks for, checked.</summary>
sealed record RunOptions
{
    public const string ClassicPrompt = "介绍一下广义相对论";

    /// <summary>The server, without the endpoint's path; null drives the embedded simulator.</summary>
    public Uri? BaseUrl { get; init; }

    public Endpoint Endpoint { get; init; }

    public string? Model { get; init; }

    public string? ApiKey { get; init; }

    public required LoadPhase Load { get; init; }

    public LoadPhase? WarmUp { get; init; }

    public IReadOnlyList<Objective> Limits { get; init; } = [];

    /// <summary>Pages of the server's machine to watch.</summary>
    public IReadOnlyList<Uri> Pages { get; init; } = [];

    /// <summary>What the server's machine costs per hour; null: unknown.</summary>
    public (decimal Amount, string Currency)? Price { get; init; }

    public string? Prompt { get; init; }

    public string? PromptFile { get; init; }

    public int MaxTokens { get; init; }

    public ulong Seed { get; init; }

    /// <summary>How long to wait for the server; null does not wait.</summary>
    public TimeSpan? ReadyTimeout { get; init; }

    /// <summary>Where the JSON report goes; null writes none.</summary>
    public string? Out { get; init; }

    public ReportLanguage Language { get; init; }

    /// <summary>Null: live on a terminal, lines elsewhere.</summary>
    public ProgressKind? Progress { get; init; }

    public string SimulatorName { get; init; } = "";

    public required SimulatorOptions Simulator { get; init; }

    /// <summary>The port on which only the simulator is served; null runs a load.</summary>
    public int? Serve { get; init; }

    public LoadPlan ToPlan() => new()
    {
        Phases = [Load],
        WarmUp = WarmUp,
        Objectives = Limits,
        Seed = Seed,
    };
}

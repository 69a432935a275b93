namespace Vllm.Tests.Mutations;

/// <summary>A part of the sources, and the tests that must notice a fault in it.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Project">The project that holds it.</param>
/// <param name="Files">Its files: folders end with a slash, anything else is the beginning of a path. From the project's folder.</param>
/// <param name="Tests">Its test classes; a star stands for any text. None may depend on the real clock: on a busy machine it would fail whatever was planted.</param>
sealed record Room(string Name, string Project, string[] Files, string[] Tests)
{
    /// <summary>Classes among those that are not asked after all.</summary>
    public string[] Except { get; init; } = [];

    /// <summary>The project of its tests.</summary>
    public string TestProject => $"{Project}.Tests";
}

/// <summary>The rooms where faults are planted.</summary>
static class Rooms
{
    static readonly string[] SummaryTests =
    [
        .. ((string[])["Energy", "FigureTable", "GapFinder", "Latencies", "MissingParts", "Stretches", "Summary", "TargetSummary", "Window"]).Select(name => $"Vllm.Tests.Resources.{name}Tests"),
    ];

    public static IReadOnlyList<Room> Table { get; } =
    [
        new("Http", "VllmClient", ["Http/"], ["Vllm.Tests.*"]) { Except = ["Vllm.Tests.Recorded.*"] },
        new("Telemetry", "VllmClient", ["Telemetry/"], ["Vllm.Tests.*"]) { Except = ["Vllm.Tests.Recorded.*"] },
        new("Answers", "VllmClient", ["Wire/Answers/"], ["Vllm.Tests.Wire.*", "Vllm.Tests.Recorded.*", "Vllm.Tests.Chat.*"]),
        new("Statistics", "VllmClient.Metrics", ["Statistics/"], ["Vllm.Tests.Statistics.*"]),
        new("Figures", "VllmClient.Metrics", ["Load/Figures/"], ["Vllm.Tests.Load.*", "Vllm.Tests.Reports.*"]) { Except = ["Vllm.Tests.Load.RealTimeTests"] },
        new("Objectives", "VllmClient.Metrics", ["Load/Objectives/"], ["Vllm.Tests.Load.*", "Vllm.Tests.Reports.*"]) { Except = ["Vllm.Tests.Load.RealTimeTests"] },
        new("Rates", "VllmClient.Metrics", ["Resources/Rates"], ["Vllm.Tests.Resources.RatesTests"]),
        new("Summary", "VllmClient.Metrics", ["Resources/Summary/"], [.. SummaryTests]),
    ];
}

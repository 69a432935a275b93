namespace Vllm.Resources;

/// <summary>Energy of a target's GPUs in a window, idle power included.</summary>
/// <remarks>Definition: measuring.md#energy.</remarks>
public sealed record EnergySummary
{
    /// <summary>Energy, in joules; null with a <see cref="Reason"/>.</summary>
    public double? Joules { get; init; }

    /// <summary>How it was found; null without it.</summary>
    public EnergyMethod? Method { get; init; }

    /// <summary>Length of the window, in seconds.</summary>
    public required double WindowSeconds { get; init; }

    /// <summary>Share of the window that readings cover, 0 to 1; of the GPU covered least.</summary>
    public required double CoveredShare { get; init; }

    /// <summary>Energy per output token, in joules; null with a <see cref="Reason"/>.</summary>
    public double? JoulesPerOutputToken { get; init; }

    /// <summary>Output tokens per joule; null likewise.</summary>
    public double? TokensPerJoule { get; init; }

    /// <summary>Who counted the tokens; null if nobody did.</summary>
    public TokenCountSource? TokensFrom { get; init; }

    /// <summary>Why a figure is null; null if none is.</summary>
    public string? Reason { get; init; }
}

/// <summary>How energy was found.</summary>
public enum EnergyMethod
{
    /// <summary>By the GPUs' own counters.</summary>
    Counter,

    /// <summary>By adding up their power over time.</summary>
    Integrated,

    /// <summary>By counters for some GPUs, by power for others.</summary>
    Mixed,
}

/// <summary>Who counted output tokens.</summary>
public enum TokenCountSource
{
    /// <summary>The server.</summary>
    Server,

    /// <summary>The clients.</summary>
    Client,
}

/// <summary>What output tokens cost.</summary>
/// <param name="PerMillionOutputTokens">Price of a million; null if nobody counted tokens, or there were none.</param>
/// <param name="Currency">The currency.</param>
/// <remarks>Definition: measuring.md#cost.</remarks>
public sealed record CostSummary(decimal? PerMillionOutputTokens, string Currency);

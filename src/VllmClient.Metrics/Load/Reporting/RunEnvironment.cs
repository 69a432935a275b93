namespace Vllm.Load;

/// <summary>Where a run ran and what it ran against.</summary>
public sealed record RunEnvironment
{
    /// <summary>Version of this library.</summary>
    public string Library { get; init; } = "";

    /// <summary>The .NET runtime, for instance <c>.NET 10.0.0</c>.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>The operating system.</summary>
    public string Os { get; init; } = "";

    /// <summary>Processors that the process may use.</summary>
    public int Cores { get; init; }

    /// <summary>The thread pool's spin limit; null if the application left it alone.</summary>
    public int? PoolSpinLimit { get; init; }

    /// <summary>The server's address without user info, query and trailing slash, for instance <c>http://gpu:8000</c>; null if the work has no client or that does not tell.</summary>
    public string? ServerUrl { get; init; }

    /// <summary>The path below it that the work calls, for instance <c>/v1/completions</c>; null for the caller's own work.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The model that answered; null if no answer said so.</summary>
    public string? Model { get; init; }

    /// <summary>The server's version; null if the work has no client or the server did not say.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>The prefix cache's state at the start.</summary>
    public CacheStart Cache { get; init; }
}

namespace Vllm.Resources;

/// <summary>The readings of one part of a target by one source, as columns: a time, and a value per figure.</summary>
public sealed record ResourceTrack
{
    /// <summary>The target.</summary>
    public required string Target { get; init; }

    /// <summary>What was read: <c>process</c>, <c>machine</c>, <c>container</c>, <c>gpu</c> or <c>server</c>.</summary>
    public required string Part { get; init; }

    /// <summary>Id of the GPU; null for other parts.</summary>
    public string? Gpu { get; init; }

    /// <summary>Name of the source.</summary>
    public required string Source { get; init; }

    /// <summary>When each reading was true, in seconds since the run began, to 100 ns. A pause in them is a gap in what is known.</summary>
    public required IReadOnlyList<double> AtSeconds { get; init; }

    /// <summary>The values by figure, such as <c>server.running</c>, each as long as <see cref="AtSeconds"/>; null where a reading did not tell. A figure that was never told is not there.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double?>> Values { get; init; }
}

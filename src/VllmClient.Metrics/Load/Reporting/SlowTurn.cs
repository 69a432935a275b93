namespace Vllm.Load;

/// <summary>One of the slowest completed turns, with what is needed to find it in traces and logs.</summary>
public sealed record SlowTurn
{
    /// <summary>The turn's number.</summary>
    public long Index { get; init; }

    /// <summary>The phase.</summary>
    public string Phase { get; init; } = "";

    /// <summary>When it was due, since the run started.</summary>
    public TimeSpan Due { get; init; }

    /// <summary>Time to first token, from sending; null if nothing was streamed.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Duration, from due.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The trace that the turn belongs to; null if nothing was traced.</summary>
    public string? TraceId { get; init; }
}

namespace Vllm.Load;

/// <summary>How often one kind of failure happened in one phase.</summary>
public sealed record ErrorCount
{
    /// <summary>The kind, as in the metric attribute <c>error.type</c>: <c>503</c>, <c>first_token_timeout</c>, <c>turn_timeout</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The phase.</summary>
    public string Phase { get; init; } = "";

    /// <summary>Turns that failed so.</summary>
    public long Count { get; init; }

    /// <summary>When the first of them ended, since the run started.</summary>
    public TimeSpan FirstAt { get; init; }
}

namespace Vllm;

/// <summary>Ends an output that goes round in circles. A choice ended by it has <see cref="FinishReason.Repetition"/>.</summary>
public sealed record RepetitionDetection
{
    /// <summary>The longest pattern that is looked for, in tokens; 0 switches the detection off.</summary>
    public int? MaxPatternSize { get; init; }

    /// <summary>The shortest pattern that is looked for, in tokens; 0 takes the server's choice.</summary>
    public int? MinPatternSize { get; init; }

    /// <summary>How often a pattern must repeat.</summary>
    public int? MinCount { get; init; }
}

namespace Vllm.Load;

/// <summary>What the prompts of a run were like.</summary>
public sealed record PromptReport
{
    /// <summary>Different prompts offered; null if the source makes them without end.</summary>
    public int? Distinct { get; init; }

    /// <summary>Mean input length asked for, in tokens; null if none was asked for.</summary>
    public double? RequestedInput { get; init; }

    /// <summary>Mean output length asked for, in tokens; null if none was asked for.</summary>
    public double? RequestedOutput { get; init; }
}

namespace Vllm;

/// <summary>How much a reasoning model thinks before it answers. An open set: any other word is sent as it is.</summary>
public readonly record struct ReasoningEffort
{
    /// <summary>Creates a value of any word.</summary>
    /// <param name="value">The word to send.</param>
    public ReasoningEffort(string value) => Value = value;

    /// <summary>The word to send. Null only for <c>default</c>.</summary>
    public string Value { get; }

    /// <summary>It does not think.</summary>
    public static ReasoningEffort None { get; } = new("none");

    /// <summary>As little as possible.</summary>
    public static ReasoningEffort Minimal { get; } = new("minimal");

    /// <summary>Little.</summary>
    public static ReasoningEffort Low { get; } = new("low");

    /// <summary>A middle way.</summary>
    public static ReasoningEffort Medium { get; } = new("medium");

    /// <summary>Much.</summary>
    public static ReasoningEffort High { get; } = new("high");

    /// <summary>As much as possible.</summary>
    public static ReasoningEffort ExtraHigh { get; } = new("xhigh");

    /// <summary>Returns the word.</summary>
    public override string ToString() => Value ?? "";
}

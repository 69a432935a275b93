namespace Vllm;

/// <summary>Which end of a prompt is cut if it is longer than <c>truncate_prompt_tokens</c>. An open set: any other word is sent as it is.</summary>
public readonly record struct TruncationSide
{
    /// <summary>Creates a value of any word.</summary>
    /// <param name="value">The word to send.</param>
    public TruncationSide(string value) => Value = value;

    /// <summary>The word to send. Null only for <c>default</c>.</summary>
    public string Value { get; }

    /// <summary>The beginning is cut; the end stays.</summary>
    public static TruncationSide Left { get; } = new("left");

    /// <summary>The end is cut; the beginning stays.</summary>
    public static TruncationSide Right { get; } = new("right");

    /// <summary>Returns the word.</summary>
    public override string ToString() => Value ?? "";
}

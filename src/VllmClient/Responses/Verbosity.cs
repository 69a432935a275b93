namespace Vllm;

/// <summary>How long the model's answer is to be. An open set: any other word is sent as it is.</summary>
public readonly record struct Verbosity
{
    /// <summary>Creates a value of any word.</summary>
    /// <param name="value">The word to send.</param>
    public Verbosity(string value) => Value = value;

    /// <summary>The word to send. Null only for <c>default</c>.</summary>
    public string Value { get; }

    /// <summary>Brief.</summary>
    public static Verbosity Low { get; } = new("low");

    /// <summary>A middle way.</summary>
    public static Verbosity Medium { get; } = new("medium");

    /// <summary>Detailed.</summary>
    public static Verbosity High { get; } = new("high");

    /// <summary>Returns the word.</summary>
    public override string ToString() => Value ?? "";
}

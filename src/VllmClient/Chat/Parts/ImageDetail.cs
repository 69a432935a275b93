namespace Vllm;

/// <summary>How closely the model looks at an image. An open set: any other word is sent as it is.</summary>
public readonly record struct ImageDetail
{
    /// <summary>Creates a value of any word.</summary>
    /// <param name="value">The word to send.</param>
    public ImageDetail(string value) => Value = value;

    /// <summary>The word to send. Null only for <c>default</c>.</summary>
    public string Value { get; }

    /// <summary>The server decides.</summary>
    public static ImageDetail Auto { get; } = new("auto");

    /// <summary>Roughly, with few tokens.</summary>
    public static ImageDetail Low { get; } = new("low");

    /// <summary>Closely, with many tokens.</summary>
    public static ImageDetail High { get; } = new("high");

    /// <summary>Returns the word.</summary>
    public override string ToString() => Value ?? "";
}

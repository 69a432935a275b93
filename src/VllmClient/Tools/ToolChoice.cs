namespace Vllm;

/// <summary>Whether and which tools the model must call.</summary>
public readonly record struct ToolChoice
{
    /// <summary>Creates a value of any word.</summary>
    /// <param name="value">The word sent, or the function's name.</param>
    public ToolChoice(string value) => Value = value;

    /// <summary>The word sent, or the function's name. Null only for <c>default</c>.</summary>
    public string Value { get; }

    /// <summary>The model decides. Needs a server with automatic tool choice and a tool call parser.</summary>
    public static ToolChoice Auto { get; } = new("auto");

    /// <summary>No tool is called.</summary>
    public static ToolChoice None { get; } = new("none");

    /// <summary>At least one tool is called.</summary>
    public static ToolChoice Required { get; } = new("required");

    /// <summary>Whether <see cref="Value"/> is the name of a function.</summary>
    public bool IsFunction { get; private init; }

    /// <summary>This function is called.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank.</exception>
    public static ToolChoice Function(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new(name) { IsFunction = true };
    }

    /// <summary>Returns <see cref="Value"/>.</summary>
    public override string ToString() => Value ?? "";
}

namespace Vllm;

/// <summary>Who speaks in a chat message. An open set: unknown roles are kept as they came.</summary>
/// <param name="Value">The word on the wire.</param>
public readonly record struct ChatRole(string Value)
{
    /// <summary>Instructions for the whole conversation.</summary>
    public static ChatRole System { get; } = new("system");

    /// <summary>Instructions, in the newer spelling of some models.</summary>
    public static ChatRole Developer { get; } = new("developer");

    /// <summary>The person who asks.</summary>
    public static ChatRole User { get; } = new("user");

    /// <summary>The model.</summary>
    public static ChatRole Assistant { get; } = new("assistant");

    /// <summary>The result of a tool call.</summary>
    public static ChatRole Tool { get; } = new("tool");

    /// <summary>Returns the word on the wire.</summary>
    public override string ToString() => Value ?? "";
}

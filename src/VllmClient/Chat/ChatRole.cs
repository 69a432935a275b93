namespace Vllm;

/// <summary>Who speaks in a chat message. An open set: unknown roles are kept as they came.</summary>
public readonly record struct ChatRole
{
    /// <summary>Creates a value of any word.</summary>
    /// <param name="value">The word on the wire.</param>
    public ChatRole(string value) => Value = value;

    /// <summary>The word on the wire. Null only for <c>default</c>.</summary>
    public string Value { get; }

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

using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>One message of a conversation.</summary>
public sealed record ChatMessage
{
    /// <summary>Who speaks.</summary>
    public required ChatRole Role { get; init; }

    /// <summary>The text; null for an assistant message that only calls tools or only reasons.</summary>
    public string? Content { get; init; }

    /// <summary>The reasoning that came before the text; null if there was none.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Content of several parts, such as text and images; empty if <see cref="Content"/> says all. Only one of the two may be set.</summary>
    public IReadOnlyList<ChatPart> Parts { get => field ?? []; init; }

    /// <summary>Why the model refused to answer; null if it did not. vLLM sends none, gateways to other models do.</summary>
    public string? Refusal { get; init; }

    /// <summary>The tools that an assistant message calls; empty if none.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get => field ?? []; init; }

    /// <summary>The call that a tool message answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The speaker's name; null if not sent.</summary>
    public string? Name { get; init; }

    /// <summary>Creates a system message.</summary>
    public static ChatMessage System(string content) => new() { Role = ChatRole.System, Content = content };

    /// <summary>Creates a developer message.</summary>
    public static ChatMessage Developer(string content) => new() { Role = ChatRole.Developer, Content = content };

    /// <summary>Creates a user message.</summary>
    public static ChatMessage User(string content) => new() { Role = ChatRole.User, Content = content };

    /// <summary>Creates a user message of several parts.</summary>
    public static ChatMessage User(params IReadOnlyList<ChatPart> parts) => new() { Role = ChatRole.User, Parts = parts };

    /// <summary>Creates an assistant message.</summary>
    public static ChatMessage Assistant(string? content, string? reasoning = null) => new() { Role = ChatRole.Assistant, Content = content, Reasoning = reasoning };

    /// <summary>Creates a message of a kind that this library has no type for; its JSON is sent as it is.</summary>
    /// <param name="json">The message, with its <c>role</c>.</param>
    /// <exception cref="ArgumentException">The JSON has no role.</exception>
    public static ChatMessage RawMessage(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json["role"] is not JsonValue role || !role.TryGetValue<string>(out var name) || name.Length == 0)
            throw new ArgumentException("The message has no role. Every message says who speaks, for instance \"role\": \"user\".", nameof(json));
        return new() { Role = new ChatRole(name), Json = json };
    }

    /// <summary>Creates the answer to a tool call.</summary>
    public static ChatMessage Tool(string toolCallId, string content) => new() { Role = ChatRole.Tool, ToolCallId = toolCallId, Content = content };

    /// <summary>Makes a user message of a string.</summary>
    public static implicit operator ChatMessage(string content) => FromText(content);

    /// <summary>Makes a user message of a string.</summary>
    public static ChatMessage FromText(string content) => User(content);

    /// <summary>The message as it is sent, if it was given so.</summary>
    internal JsonObject? Json { get; private init; }

    /// <summary>Names the role only: the text of a message never reaches logs by accident.</summary>
    public override string ToString() => $"ChatMessage({Role})";
}

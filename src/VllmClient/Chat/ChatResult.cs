using System.Text.Json;

namespace Vllm;

/// <summary>A whole answer to a chat request.</summary>
public sealed record ChatResult
{
    /// <summary>The server's id of the answer.</summary>
    public string Id { get; init; } = "";

    /// <summary>The model that answered.</summary>
    public string Model { get; init; } = "";

    /// <summary>When the server began; null if it did not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The answers, by index.</summary>
    public IReadOnlyList<ChatChoice> Choices { get => field ?? []; init; }

    /// <summary>The server's token counts; null if it sent none.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Times measured by the server; null unless it sends them.</summary>
    public ServerTiming? ServerTiming { get; init; }

    /// <summary>Build of the server; null if it did not say.</summary>
    public string? SystemFingerprint { get; init; }

    /// <summary>Ids of the prompt's tokens; null unless asked for.</summary>
    public IReadOnlyList<int>? PromptTokenIds { get; init; }

    /// <summary>Log probabilities of the prompt as the server sent them; null unless asked for.</summary>
    public JsonElement? PromptLogprobs { get; init; }

    /// <summary>How the call went.</summary>
    public CallInfo Info { get => field ?? NoInfo; init; }

    /// <summary>Members of the answer that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get => field ?? NoProperties; init; }

    /// <summary>The text of the first choice; empty if it has none.</summary>
    public string Text => Choices.Count > 0 ? Choices[0].Message.Content ?? "" : "";

    /// <summary>The reasoning of the first choice; null if it has none.</summary>
    public string? Reasoning => Choices.Count > 0 ? Choices[0].Message.Reasoning : null;

    /// <summary>The tool calls of the first choice; empty if it has none.</summary>
    public IReadOnlyList<ToolCall> ToolCalls => Choices.Count > 0 ? Choices[0].Message.ToolCalls : [];

    /// <summary>Why the first choice ended.</summary>
    public FinishReason? FinishReason => Choices.Count > 0 ? Choices[0].FinishReason : null;

    /// <summary>The first choice's message, ready to go back as history; null if there is no choice.</summary>
    public ChatMessage? Message => Choices.Count > 0 ? Choices[0].Message : null;

    /// <summary>Returns <see cref="Text"/>.</summary>
    public override string ToString() => Text;

    static CallInfo NoInfo { get; } = new();

    static IReadOnlyDictionary<string, JsonElement> NoProperties { get; } = new Dictionary<string, JsonElement>();
}

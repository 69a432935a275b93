using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vllm;

/// <summary>A whole answer to a chat request.</summary>
public sealed record ChatResult : GenerationResult
{
    /// <summary>The answers, by index.</summary>
    public IReadOnlyList<ChatChoice> Choices { get => field ?? []; init; }

    /// <summary>Times measured by the server; null unless it sends them.</summary>
    public ServerTiming? ServerTiming { get; init; }

    /// <summary>Build of the server; null if it did not say.</summary>
    public string? SystemFingerprint { get; init; }

    /// <summary>Ids of the prompt's tokens; null unless asked for.</summary>
    public IReadOnlyList<int>? PromptTokenIds { get; init; }

    /// <summary>The prompt as the model saw it, template applied; null unless asked for.</summary>
    public string? PromptText { get; init; }

    /// <summary>Log probabilities of the prompt: one list of candidates per token, null for the first, which nothing precedes. Null unless asked for.</summary>
    public IReadOnlyList<IReadOnlyList<PromptLogprob>?>? PromptLogprobs { get; init; }

    /// <summary>Where the key-value cache of the prompt lies, for a server that takes over; null unless servers share the work.</summary>
    public JsonElement? KvTransferParams { get; init; }

    /// <summary>Members of the answer that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get => field ?? NoProperties; init; }

    /// <summary>The text of the first choice; empty if it has none.</summary>
    public override string Text => Choices.Count > 0 ? Choices[0].Message.Content ?? "" : "";

    /// <summary>The reasoning of the first choice; null if it has none.</summary>
    public string? Reasoning => Choices.Count > 0 ? Choices[0].Message.Reasoning : null;

    /// <summary>The tool calls of the first choice; empty if it has none.</summary>
    public IReadOnlyList<ToolCall> ToolCalls => Choices.Count > 0 ? Choices[0].Message.ToolCalls : [];

    /// <summary>Why the first choice ended.</summary>
    public FinishReason? FinishReason => Choices.Count > 0 ? Choices[0].FinishReason : null;

    /// <summary>The first choice's message, ready to go back as history; null if there is no choice.</summary>
    public ChatMessage? Message => Choices.Count > 0 ? Choices[0].Message : null;

    static IReadOnlyDictionary<string, JsonElement> NoProperties { get; } = new Dictionary<string, JsonElement>();
}

/// <summary>A chat answer that was asked for as JSON of a type.</summary>
/// <typeparam name="T">The type.</typeparam>
public sealed class ChatResult<T>
{
    readonly T? _value;
    readonly VllmOutputException? _failure;

    internal ChatResult(ChatResult result, JsonTypeInfo<T> type)
    {
        Result = result;
        (_value, _failure) = Read(result, type);
    }

    /// <summary>The answer as it came.</summary>
    public ChatResult Result { get; }

    /// <summary>The value.</summary>
    /// <exception cref="VllmOutputException">The answer is cut, refused, empty, or not of the type; <see cref="VllmOutputException.Reason"/> says which.</exception>
    public T Value => _failure is null ? _value! : throw _failure;

    /// <summary>Takes the value, if the answer is one.</summary>
    /// <param name="value">The value; default if there is none.</param>
    /// <returns>Whether there is a value; if not, <see cref="Value"/> throws the reason.</returns>
    public bool TryGetValue([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return _failure is null;
    }

    static (T?, VllmOutputException?) Read(ChatResult result, JsonTypeInfo<T> type)
    {
        var name = typeof(T).Name;
        if (result.Message?.Refusal is { Length: > 0 }) return (default, Failed($"The model refused to answer as {name}.", VllmOutputFailure.Refused, result));
        JsonException? reason = null;
        if (result.Text.Length > 0)
        {
            try
            {
                var value = JsonSerializer.Deserialize(result.Text, type);
                if (value is not null || result.FinishReason != FinishReason.Length) return (value, value is null ? Empty(name, result) : null);
            }
            catch (JsonException error)
            {
                reason = error;
            }
        }

        if (result.FinishReason == FinishReason.Length)
            return (default, Failed($"The token limit cut the answer before its JSON for {name} was complete. Raise MaxTokens.", VllmOutputFailure.Length, result));
        return (default, reason is null
            ? Empty(name, result)
            : Failed($"The answer is not JSON of {name} (line {reason.LineNumber}, byte {reason.BytePositionInLine}). The server may ignore response_format; its text is in PartialText.", VllmOutputFailure.InvalidJson, result));
    }

    static VllmOutputException Empty(string name, ChatResult result) =>
        Failed($"The answer has no text to read as {name}.", VllmOutputFailure.Empty, result);

    // The reader's own exception is not passed on: its path can name members that the model made up.
    static VllmOutputException Failed(string message, VllmOutputFailure reason, ChatResult result) => new(message, reason)
    {
        RequestId = result.Info.RequestId,
        Endpoint = result.Info.Endpoint,
        Attempts = result.Info.Attempts,
        Timings = result.Info.Timings,
        PartialResult = result,
    };
}

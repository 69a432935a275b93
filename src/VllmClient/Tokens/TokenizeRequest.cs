using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>A request to <c>/tokenize</c>: the tokens of a text, or of a conversation as the chat template renders it.</summary>
public sealed record TokenizeRequest
{
    /// <summary>The model; null takes the client's default, else the server's own.</summary>
    public string? Model { get; init; }

    /// <summary>The text. Not together with <see cref="Messages"/>.</summary>
    public string? Prompt { get; init; }

    /// <summary>The conversation, oldest message first. Not together with <see cref="Prompt"/>.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>Functions that the template tells the model of. Conversations only; an empty list is not sent.</summary>
    public IReadOnlyList<ChatTool>? Tools { get; init; }

    /// <summary>Whether special tokens are added. Server default: true for a text, false for a conversation.</summary>
    public bool? AddSpecialTokens { get; init; }

    /// <summary>Whether the tokens come back as text, too. Server default: false.</summary>
    public bool? ReturnTokenStrings { get; init; }

    /// <summary>Whether the template opens the assistant's turn. Conversations only. Server default: true.</summary>
    public bool? AddGenerationPrompt { get; init; }

    /// <summary>Whether the last message stays open; implies <see cref="AddGenerationPrompt"/> false. Conversations only.</summary>
    public bool? ContinueFinalMessage { get; init; }

    /// <summary>A chat template of your own. Needs a server that trusts request templates.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Arguments for the chat template, such as <c>enable_thinking</c>.</summary>
    public JsonObject? ChatTemplateKwargs { get; init; }

    /// <summary>Options for reading images, audio and video, by kind.</summary>
    public JsonObject? MediaIoKwargs { get; init; }

    /// <summary>Options for the model's processor of images, audio and video.</summary>
    public JsonObject? MmProcessorKwargs { get; init; }

    /// <summary>Any further members of the request body. A member here beats the typed property of the same name. Leave it alone while the call runs.</summary>
    public JsonObject? ExtraBody { get; init; }

    /// <summary>Asks for the tokens of one text.</summary>
    public static implicit operator TokenizeRequest(string text) => FromText(text);

    /// <summary>Asks for the tokens of one text.</summary>
    public static TokenizeRequest FromText(string text) => new() { Prompt = text };

    /// <summary>Names the type only: prompts never reach logs by accident.</summary>
    public override string ToString() => nameof(TokenizeRequest);
}

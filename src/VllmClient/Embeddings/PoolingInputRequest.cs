using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>A request whose inputs stand for themselves: texts, token ids, or one conversation that the chat template renders.</summary>
public abstract record PoolingInputRequest : PoolingModelRequest
{
    /// <summary>The inputs, each with an item of its own in the answer. Not together with <see cref="Messages"/>.</summary>
    public PoolingInput? Input { get; init; }

    /// <summary>A conversation as one input, for models that read chats or images. Not together with <see cref="Input"/>.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>Whether special tokens are added. Server default: true for texts, false for conversations.</summary>
    public bool? AddSpecialTokens { get; init; }

    /// <summary>Whether the template of a conversation opens the assistant's turn. Server default: false.</summary>
    public bool? AddGenerationPrompt { get; init; }

    /// <summary>Whether the last message of a conversation stays open; implies <see cref="AddGenerationPrompt"/> false.</summary>
    public bool? ContinueFinalMessage { get; init; }

    /// <summary>A chat template of your own. Needs a server that trusts request templates.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Arguments for the chat template.</summary>
    public JsonObject? ChatTemplateKwargs { get; init; }

    /// <summary>Options for reading images, audio and video, by kind.</summary>
    public JsonObject? MediaIoKwargs { get; init; }
}

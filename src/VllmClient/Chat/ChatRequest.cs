using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>A request to <c>/v1/chat/completions</c>.</summary>
public sealed record ChatRequest : GenerationRequest
{
    /// <summary>The conversation so far, oldest first; at least one message.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Whether log probabilities of the output come back.</summary>
    public bool? Logprobs { get; init; }

    /// <summary>Log probabilities of this many candidates per output token, 0 to 20 by default of the server.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>Functions that the model may call. An empty list is not sent.</summary>
    public IReadOnlyList<ChatTool>? Tools { get; init; }

    /// <summary>Whether and which tools must be called. Server default: <see cref="ToolChoice.Auto"/> with tools, else none.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Whether the model may call several tools at once. Server default: true.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>Documents for templates that answer from documents, each a map such as <c>title</c> and <c>text</c>.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Documents { get; init; }

    /// <summary>How hard the model reasons: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c> or <c>max</c>.</summary>
    public ReasoningEffort? ReasoningEffort { get; init; }

    /// <summary>Whether reasoning comes back. Server default: true.</summary>
    public bool? IncludeReasoning { get; init; }

    /// <summary>Whether the template opens the assistant's turn. Server default: true.</summary>
    public bool? AddGenerationPrompt { get; init; }

    /// <summary>Whether the last message is continued instead of answered; implies <see cref="AddGenerationPrompt"/> false.</summary>
    public bool? ContinueFinalMessage { get; init; }

    /// <summary>A chat template of your own. Needs a server that trusts request templates.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Arguments for the chat template, such as <c>enable_thinking</c>.</summary>
    public JsonObject? ChatTemplateKwargs { get; init; }

    /// <summary>Options for reading images, audio and video, by kind.</summary>
    public JsonObject? MediaIoKwargs { get; init; }

    /// <summary>Options for the model's processor of images, audio and video.</summary>
    public JsonObject? MmProcessorKwargs { get; init; }

    /// <summary>Whether the rendered prompt comes back. Older servers ignore it.</summary>
    public bool? ReturnPromptText { get; init; }

    /// <summary>Asks one question as the user.</summary>
    public static implicit operator ChatRequest(string question) => FromText(question);

    /// <summary>Asks one question as the user.</summary>
    public static ChatRequest FromText(string question) => new() { Messages = [question] };
}

namespace Vllm.Load;

/// <summary>One prompt. Exactly one of <see cref="Text"/>, <see cref="Messages"/> and <see cref="TokenIds"/> is set.</summary>
public sealed record PromptItem
{
    /// <summary>The prompt as text; a chat sends it as one user message.</summary>
    public string? Text { get; init; }

    /// <summary>The prompt as a conversation; completions cannot send it.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>The prompt as token ids; chats cannot send it.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary>Limit of output tokens; null leaves it to the server.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Names the type only: prompts never reach logs by accident.</summary>
    public override string ToString() => nameof(PromptItem);
}

namespace Vllm;

/// <summary>A request to <c>/v1/completions</c>. Mind that the server generates only 16 tokens unless <see cref="GenerationRequest.MaxTokens"/> says otherwise.</summary>
public sealed record CompletionRequest : GenerationRequest
{
    /// <summary>What to complete: text, texts or token ids. Null only with <see cref="PromptEmbeds"/>.</summary>
    public CompletionPrompt? Prompt { get; init; }

    /// <summary>Prompts as embeddings, each a serialised tensor in base64. Needs a server that allows them.</summary>
    public IReadOnlyList<string>? PromptEmbeds { get; init; }

    /// <summary>Log probabilities of this many candidates per output token.</summary>
    public int? Logprobs { get; init; }

    /// <summary>Completes one text.</summary>
    public static implicit operator CompletionRequest(string prompt) => FromText(prompt);

    /// <summary>Completes one text.</summary>
    public static CompletionRequest FromText(string prompt) => new() { Prompt = prompt };
}

namespace Vllm;

/// <summary>One answer among the <c>n</c> asked for.</summary>
public sealed record ChatChoice
{
    /// <summary>Zero-based position of the choice.</summary>
    public int Index { get; init; }

    /// <summary>The answer, ready to go back as history.</summary>
    public ChatMessage Message { get => field ?? EmptyMessage; init; }

    /// <summary>Why the answer ended; null if the server did not say.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>What exactly stopped it; null for the main end token or the token limit.</summary>
    public StopReason? StopReason { get; init; }

    /// <summary>Ids of the output tokens, in order; null unless asked for.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary>The tokens of the answer with their log probabilities, in order; null unless asked for.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }

    static ChatMessage EmptyMessage { get; } = ChatMessage.Assistant(null);
}

using System.Text.Json;

namespace Vllm;

/// <summary>One completion among those asked for.</summary>
public sealed record CompletionChoice
{
    /// <summary>Position of the choice: number of the prompt times <c>n</c> plus number of the sample.</summary>
    public int Index { get; init; }

    /// <summary>The text.</summary>
    public string Text { get; init; } = "";

    /// <summary>Why the text ended; null if the server did not say.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>What exactly stopped it; null for the main end token or the token limit.</summary>
    public StopReason? StopReason { get; init; }

    /// <summary>Ids of the output tokens, in order; null unless asked for.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary>Ids of the prompt's tokens; null unless asked for.</summary>
    public IReadOnlyList<int>? PromptTokenIds { get; init; }

    /// <summary>The tokens of the text with their log probabilities, in order; null unless asked for.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }

    /// <summary>Log probabilities of the prompt: one list of candidates per token, null for the first, which nothing precedes. Null unless asked for.</summary>
    public IReadOnlyList<IReadOnlyList<PromptLogprob>?>? PromptLogprobs { get; init; }
}

/// <summary>A whole answer to a completion request.</summary>
public sealed record CompletionResult : GenerationResult
{
    /// <summary>The completions, by index.</summary>
    public IReadOnlyList<CompletionChoice> Choices { get => field ?? []; init; }

    /// <summary>Times measured by the server; null unless it sends them.</summary>
    public ServerTiming? ServerTiming { get; init; }

    /// <summary>Build of the server; null if it did not say.</summary>
    public string? SystemFingerprint { get; init; }

    /// <summary>Where the key-value cache of the prompt lies, for a server that takes over; null unless servers share the work.</summary>
    public JsonElement? KvTransferParams { get; init; }

    /// <summary>Members of the answer that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get => field ?? NoProperties; init; }

    /// <summary>The text of the first choice; empty if there is none.</summary>
    public override string Text => Choices.Count > 0 ? Choices[0].Text : "";

    /// <summary>Why the first choice ended.</summary>
    public FinishReason? FinishReason => Choices.Count > 0 ? Choices[0].FinishReason : null;

    static IReadOnlyDictionary<string, JsonElement> NoProperties { get; } = new Dictionary<string, JsonElement>();
}

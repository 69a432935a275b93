using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>What chat and completion requests have in common. A property that is null is not sent, and the model's own default applies.</summary>
public abstract record GenerationRequest
{
    private protected GenerationRequest() { }

    /// <summary>The model; null takes <see cref="VllmClientOptions.DefaultModel"/>, and without that the server's first.</summary>
    public string? Model { get; init; }

    /// <summary>Limit of output tokens, at least 1. For completions the server's default is 16; for chat it is what the context leaves.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>At least this many output tokens before an end token counts.</summary>
    public int? MinTokens { get; init; }

    /// <summary>Sampling temperature, 0 or more; 0 always takes the likeliest token.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling, above 0 and up to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Samples from this many likeliest tokens; 0 or -1 switches it off.</summary>
    public int? TopK { get; init; }

    /// <summary>Drops tokens less likely than this share of the likeliest, 0 to 1.</summary>
    public double? MinP { get; init; }

    /// <summary>Penalty by frequency in the output, -2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Penalty by presence in the output, -2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>Multiplicative penalty by presence in prompt and output; above 0, 1 is none.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Seed for repeatable sampling.</summary>
    public long? Seed { get; init; }

    /// <summary>Choices per prompt, at least 1.</summary>
    public int? N { get; init; }

    /// <summary>Strings that end the output.</summary>
    public IReadOnlyList<string>? Stop { get; init; }

    /// <summary>Token ids that end the output.</summary>
    public IReadOnlyList<int>? StopTokenIds { get; init; }

    /// <summary>Whether the stop string stays in the output. Server default: false.</summary>
    public bool? IncludeStopInOutput { get; init; }

    /// <summary>Whether generation goes on after an end token, for load tests of a fixed length. Server default: false.</summary>
    public bool? IgnoreEos { get; init; }

    /// <summary>Whether beam search is used. Server default: false.</summary>
    public bool? UseBeamSearch { get; init; }

    /// <summary>Length penalty of beam search.</summary>
    public double? LengthPenalty { get; init; }

    /// <summary>Whether special tokens are left out of the text. Server default: true.</summary>
    public bool? SkipSpecialTokens { get; init; }

    /// <summary>Whether blanks go between special tokens. Server default: true.</summary>
    public bool? SpacesBetweenSpecialTokens { get; init; }

    /// <summary>Cuts the prompt to this many tokens; -1 cuts to the context length.</summary>
    public int? TruncatePromptTokens { get; init; }

    /// <summary>The side that is cut: <c>left</c> or <c>right</c>. Older servers ignore it.</summary>
    public TruncationSide? TruncationSide { get; init; }

    /// <summary>Log probabilities of this many candidates per prompt token; -1 for all. Not with streams.</summary>
    public int? PromptLogprobs { get; init; }

    /// <summary>Reports the log probabilities of only these token ids. Older servers ignore it.</summary>
    public IReadOnlyList<int>? LogprobTokenIds { get; init; }

    /// <summary>Allows only these token ids.</summary>
    public IReadOnlyList<int>? AllowedTokenIds { get; init; }

    /// <summary>Words that must not be generated.</summary>
    public IReadOnlyList<string>? BadWords { get; init; }

    /// <summary>Bias added to the logit of a token, by token id, -100 to 100.</summary>
    public IReadOnlyDictionary<string, double>? LogitBias { get; init; }

    /// <summary>Whether the prompt comes back before the output.</summary>
    public bool? Echo { get; init; }

    /// <summary>Whether special tokens such as BOS are added. Server default: false for chat, true for completions.</summary>
    public bool? AddSpecialTokens { get; init; }

    /// <summary>Scheduling priority, lower first. Needs a server with priority scheduling.</summary>
    public int? Priority { get; init; }

    /// <summary>Session that requests belong to, for routers. Older servers ignore it.</summary>
    public string? SessionId { get; init; }

    /// <summary>Whether token ids come back beside the text.</summary>
    public bool? ReturnTokenIds { get; init; }

    /// <summary>Whether tokens in log probabilities are written as <c>token_id:N</c>.</summary>
    public bool? ReturnTokensAsTokenIds { get; init; }

    /// <summary>Gives the request a prefix cache of its own, 1 to 1,024 characters.</summary>
    public string? CacheSalt { get; init; }

    /// <summary>Tokens per streamed chunk, at least 1. Older servers ignore it.</summary>
    public int? StreamInterval { get; init; }

    /// <summary>Limit of reasoning tokens. Older servers ignore it.</summary>
    public int? ThinkingTokenBudget { get; init; }

    /// <summary>The form of the output, in the words of OpenAI's API. Not together with <see cref="StructuredOutput"/>.</summary>
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>A constraint that the output keeps: a JSON schema, a regular expression, a choice, a grammar. Not together with <see cref="ResponseFormat"/>.</summary>
    public StructuredOutput? StructuredOutput { get; init; }

    /// <summary>Ends an output that repeats itself. Older servers ignore it.</summary>
    public RepetitionDetection? RepetitionDetection { get; init; }

    /// <summary>Parameters of the key-value cache transfer between servers, as the connector in use defines them.</summary>
    public JsonObject? KvTransferParams { get; init; }

    /// <summary>Parameters of the encoder cache transfer between servers, as the connector in use defines them. Older servers ignore it.</summary>
    public JsonObject? EcTransferParams { get; init; }

    /// <summary>Arguments for plug-ins of the server, such as custom logits processors.</summary>
    public JsonObject? VllmXargs { get; init; }

    /// <summary>The end user, for the server's logs.</summary>
    public string? User { get; init; }

    /// <summary>Whether a stream ends with usage; null takes <see cref="VllmClientOptions.IncludeUsage"/>.</summary>
    public bool? IncludeUsage { get; init; }

    /// <summary>Whether a stream brings running usage with every chunk.</summary>
    public bool? ContinuousUsage { get; init; }

    /// <summary>Any further members of the request body. A member here beats the typed property of the same name. Leave it alone while the call runs.</summary>
    public JsonObject? ExtraBody { get; init; }

    /// <summary>Names the type only: prompts never reach logs by accident.</summary>
    public sealed override string ToString() => GetType().Name;
}

using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>A request to <c>/v1/responses</c>. A property that is null is not sent, and the model's own default applies.</summary>
public sealed record ResponsesRequest
{
    /// <summary>What to answer: a text, or items, oldest first.</summary>
    public required ResponsesInput Input { get; init; }

    /// <summary>The model; null takes <see cref="VllmClientOptions.DefaultModel"/>, and without that the server's first.</summary>
    public string? Model { get; init; }

    /// <summary>Instructions that go before the input, as a message of the system.</summary>
    public string? Instructions { get; init; }

    /// <summary>The stored response that this one continues.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>Limit of output tokens, reasoning included, at least 1. Server default: what the context leaves.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Limit of calls of the server's own tools.</summary>
    public int? MaxToolCalls { get; init; }

    /// <summary>Sampling temperature, 0 or more; 0 always takes the likeliest token.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling, above 0 and up to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Samples from this many likeliest tokens; 0 or -1 switches it off.</summary>
    public int? TopK { get; init; }

    /// <summary>Drops tokens less likely than this share of the likeliest, 0 to 1.</summary>
    public double? MinP { get; init; }

    /// <summary>Penalty by presence in the output, -2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>Penalty by frequency in the output, -2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Multiplicative penalty by presence in prompt and output; above 0, 1 is none.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Seed for repeatable sampling.</summary>
    public long? Seed { get; init; }

    /// <summary>Bias added to the logit of a token, by token id, -100 to 100.</summary>
    public IReadOnlyDictionary<string, double>? LogitBias { get; init; }

    /// <summary>Strings that end the output.</summary>
    public IReadOnlyList<string>? Stop { get; init; }

    /// <summary>Token ids that end the output.</summary>
    public IReadOnlyList<int>? StopTokenIds { get; init; }

    /// <summary>Whether generation goes on after an end token. Server default: false.</summary>
    public bool? IgnoreEos { get; init; }

    /// <summary>Whether the stop string stays in the output. Server default: false.</summary>
    public bool? IncludeStopInOutput { get; init; }

    /// <summary>Whether special tokens are left out of the text. Server default: true.</summary>
    public bool? SkipSpecialTokens { get; init; }

    /// <summary>Log probabilities of this many candidates per output token; they come with <see cref="Include"/> <c>message.output_text.logprobs</c>.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>Functions that the model may call. An empty list is not sent. The server's own tools go into <see cref="ExtraBody"/>.</summary>
    public IReadOnlyList<ChatTool>? Tools { get; init; }

    /// <summary>Whether and which tools must be called. Server default: <see cref="ToolChoice.Auto"/> with tools, else none.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Whether several functions may be called at once. Server default: true.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>How hard the model reasons: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c> or <c>max</c>.</summary>
    public ReasoningEffort? ReasoningEffort { get; init; }

    /// <summary>Whether reasoning comes back. Server default: true.</summary>
    public bool? IncludeReasoning { get; init; }

    /// <summary>The form of the text. Not together with <see cref="StructuredOutput"/>.</summary>
    public ResponseFormat? TextFormat { get; init; }

    /// <summary>A constraint that the text keeps. Not together with <see cref="TextFormat"/>.</summary>
    public StructuredOutput? StructuredOutput { get; init; }

    /// <summary>How much the model says: <c>low</c>, <c>medium</c> or <c>high</c>.</summary>
    public Verbosity? Verbosity { get; init; }

    /// <summary>Further data to return, such as <c>reasoning.encrypted_content</c>.</summary>
    public IReadOnlyList<string>? Include { get; init; }

    /// <summary>Whether the server keeps the response, so that it can be fetched and continued. Server default: true, but vLLM keeps responses only if it was started so.</summary>
    public bool? Store { get; init; }

    /// <summary>Whether the response is made in the background, to be fetched later. Server default: false.</summary>
    public bool? Background { get; init; }

    /// <summary>Labels that come back with the response.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>What happens to an input beyond the context: <c>auto</c> cuts it, <c>disabled</c> refuses it. Server default: disabled.</summary>
    public string? Truncation { get; init; }

    /// <summary>The end user, for the server's logs.</summary>
    public string? User { get; init; }

    /// <summary>Scheduling priority, lower first. Needs a server with priority scheduling.</summary>
    public int? Priority { get; init; }

    /// <summary>Session that requests belong to, for routers. Older servers ignore it.</summary>
    public string? SessionId { get; init; }

    /// <summary>Gives the request a prefix cache of its own, 1 to 1,024 characters.</summary>
    public string? CacheSalt { get; init; }

    /// <summary>Arguments for the chat template, such as <c>enable_thinking</c>.</summary>
    public JsonObject? ChatTemplateKwargs { get; init; }

    /// <summary>Parameters of the key-value cache transfer between servers, as the connector in use defines them.</summary>
    public JsonObject? KvTransferParams { get; init; }

    /// <summary>Arguments for plug-ins of the server, such as custom logits processors.</summary>
    public JsonObject? VllmXargs { get; init; }

    /// <summary>Any further members of the request body, such as the server's own tools. A member here beats the typed property of the same name. Leave it alone while the call runs.</summary>
    public JsonObject? ExtraBody { get; init; }

    /// <summary>Asks one question as the user.</summary>
    public static implicit operator ResponsesRequest(string question) => FromText(question);

    /// <summary>Asks one question as the user.</summary>
    public static ResponsesRequest FromText(string question) => new() { Input = question };

    /// <summary>Names the type only: prompts never reach logs by accident.</summary>
    public override string ToString() => nameof(ResponsesRequest);
}

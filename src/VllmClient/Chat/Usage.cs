namespace Vllm;

/// <summary>The server's own token counts for one call. Absent counts are null, never 0.</summary>
public sealed record Usage
{
    /// <summary>Tokens of the prompt, template included; of all prompts together for a batch.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Tokens generated, over all choices; null where the endpoint generates nothing.</summary>
    public int? CompletionTokens { get; init; }

    /// <summary>Prompt and completion tokens together.</summary>
    public int TotalTokens { get; init; }

    /// <summary>Prompt tokens read from the prefix cache; null unless the server runs with prompt token details.</summary>
    public int? CachedTokens { get; init; }

    /// <summary>Prompt tokens newly written to the prefix cache; null unless the server reports it.</summary>
    public int? CreatedCacheTokens { get; init; }

    /// <summary>Completion tokens spent on reasoning; null without a reasoning parser.</summary>
    public int? ReasoningTokens { get; init; }

    /// <summary>Prompt tokens that came from images, audio or video; null unless the server reports it.</summary>
    public int? MultimodalTokens { get; init; }

    /// <summary>A usage as far as it is one: gateways send zeros for counts that they do not know, and where output came, nothing but zeros tells nothing.</summary>
    internal static Usage? Known(Usage? usage, bool hasOutput) => hasOutput && usage is { IsZero: true } ? null : usage;

    bool IsZero => this is
    {
        PromptTokens: 0, TotalTokens: 0, CompletionTokens: null or 0, CachedTokens: null or 0,
        CreatedCacheTokens: null or 0, ReasoningTokens: null or 0, MultimodalTokens: null or 0,
    };
}

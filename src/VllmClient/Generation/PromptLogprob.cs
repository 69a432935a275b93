namespace Vllm;

/// <summary>A candidate for one position of the prompt, and how likely it was.</summary>
public sealed record PromptLogprob
{
    /// <summary>The token's id.</summary>
    public int TokenId { get; init; }

    /// <summary>Natural logarithm of its probability.</summary>
    public double? Logprob { get; init; }

    /// <summary>Its place among all tokens, 1 for the likeliest; null if the server did not say.</summary>
    public int? Rank { get; init; }

    /// <summary>Its text; null if the server did not say.</summary>
    public string? DecodedToken { get; init; }
}

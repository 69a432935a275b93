using System.Globalization;

namespace Vllm;

/// <summary>A token of the output, how likely it was, and what else could have come.</summary>
public sealed record TokenLogprob
{
    const string IdPrefix = "token_id:";

    /// <summary>The token's text; empty for part of a character, <c>token_id:N</c> if the request asked for ids.</summary>
    public string Token { get; init; } = "";

    /// <summary>Natural logarithm of its probability; null for the first token of an echoed prompt.</summary>
    public double? Logprob { get; init; }

    /// <summary>The token's UTF-8 bytes, which may be part of a character; null for completions, which do not tell.</summary>
    public IReadOnlyList<byte>? Bytes { get; init; }

    /// <summary>Where the token begins in the text, in characters; completions only, else null.</summary>
    public int? TextOffset { get; init; }

    /// <summary>The likeliest candidates, as many as asked for; empty if none were. For chat the sampled token comes first, and they are not sorted.</summary>
    public IReadOnlyList<TokenLogprob> TopLogprobs { get => field ?? []; init; }

    /// <summary>The token's id, if <see cref="Token"/> names it; else null.</summary>
    public int? TokenId =>
        Token.StartsWith(IdPrefix, StringComparison.Ordinal) && int.TryParse(Token.AsSpan(IdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}

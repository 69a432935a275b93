using Vllm.Simulator.Engine;
using Vllm.Simulator.Engine.Memory;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>What a call takes from the server when it begins.</summary>
sealed record CallSettings
{
    public required string Id { get; init; }

    public required long Created { get; init; }

    public required AnswerSettings Answer { get; init; }

    public required SimulatorOptions Options { get; init; }

    public required GenerationRequest Request { get; init; }

    /// <summary>The number of tokens that the steering header asks for.</summary>
    public int? Tokens { get; init; }

    /// <summary>What the prompt's blocks are found by; null where nothing is cached.</summary>
    public TokenChain? Chain(Prompt prompt)
    {
        if (!Options.PrefixCache || Options.FixedTimeToFirstToken is not null)
        {
            return null;
        }

        var chain = new TokenChain(Options.BlockSize, Salt(Request.CacheSalt));
        foreach (var token in prompt.Tokens)
        {
            chain.Add(token);
        }

        return chain;
    }

    public TextSettings Text(Prompt prompt)
    {
        var hash = Mix.Of(Options.Seed, (ulong)prompt.Tokens.Count);
        foreach (var token in prompt.Tokens)
        {
            hash = Mix.Of(hash, (ulong)token);
        }

        return new TextSettings
        {
            Hash = Mix.Of(hash, (ulong)(Request.Seed ?? 0)),
            IsChinese = prompt.IsChinese,
            MinNatural = Options.MinOutputTokens,
            MaxNatural = Options.MaxOutputTokens,
            MaxTokens = Math.Min(Request.MaxTokens ?? (Request.IsChat ? int.MaxValue : 16), Options.MaxModelLen - prompt.Tokens.Count),
            MinTokens = Request.MinTokens,
            IgnoreEnd = Request.IgnoreEnd,
            Stops = Request.Stops,
            IncludeStop = Request.IncludeStop,
            StopTokens = Request.StopTokens,
            Tokens = Tokens,
        };
    }

    static ulong Salt(string? salt)
    {
        var hash = 0UL;
        foreach (var character in salt ?? string.Empty)
        {
            hash = Mix.Of(hash ^ character);
        }

        return hash;
    }
}

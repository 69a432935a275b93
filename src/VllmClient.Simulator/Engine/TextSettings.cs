namespace Vllm.Simulator.Engine;

/// <summary>What decides the text of one choice.</summary>
sealed record TextSettings
{
    /// <summary>Hash of server seed, prompt and the request's seed; the choice comes in later.</summary>
    public ulong Hash { get; init; }

    public bool IsChinese { get; init; }

    public int MinNatural { get; init; }

    public int MaxNatural { get; init; }

    /// <summary>Tokens at most; always set, the context limit at the latest.</summary>
    public int MaxTokens { get; init; }

    public int MinTokens { get; init; }

    public bool IgnoreEnd { get; init; }

    public IReadOnlyList<string> Stops { get; init; } = [];

    public bool IncludeStop { get; init; }

    public IReadOnlySet<int> StopTokens { get; init; } = EmptySet;

    /// <summary>A length set from outside, in place of the natural one.</summary>
    public int? Tokens { get; init; }

    static readonly IReadOnlySet<int> EmptySet = new HashSet<int>();
}

enum TextEnd
{
    None,
    Stop,
    Length,
}

/// <summary>One generated token: what it is and whether it ended the choice.</summary>
readonly record struct GeneratedToken(int Token, TextEnd End, string? StopString, int? StopToken);

namespace Vllm.Simulator.Wire;

/// <summary>A chat or completion request, read and checked.</summary>
sealed record GenerationRequest
{
    public required bool IsChat { get; init; }

    public string? Model { get; init; }

    public string? RequestId { get; init; }

    public bool IsStream { get; init; }

    public bool IncludeUsage { get; init; }

    /// <summary>Usage in every chunk.</summary>
    public bool ContinuousUsage { get; init; }

    public int Choices { get; init; } = 1;

    /// <summary>Null: up to the context limit (chat) or 16 (completions).</summary>
    public int? MaxTokens { get; init; }

    public int MinTokens { get; init; }

    public bool IgnoreEnd { get; init; }

    public IReadOnlyList<string> Stops { get; init; } = [];

    public IReadOnlySet<int> StopTokens { get; init; } = new HashSet<int>();

    public bool IncludeStop { get; init; }

    public long? Seed { get; init; }

    /// <summary>Keeps what is computed of this request apart from others' prefixes.</summary>
    public string? CacheSalt { get; init; }

    /// <summary>The prompts as tokens; one, except for a batch of completions.</summary>
    public IReadOnlyList<Prompt> Prompts { get; init; } = [];
}

/// <summary>A prompt as the engine takes it.</summary>
/// <param name="Tokens">Its tokens.</param>
/// <param name="IsChinese">At least a fifth of its letters are Chinese.</param>
sealed record Prompt(List<int> Tokens, bool IsChinese);

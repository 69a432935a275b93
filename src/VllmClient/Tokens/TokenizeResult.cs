using System.Text.Json;

namespace Vllm;

/// <summary>An answer of <c>/tokenize</c>.</summary>
public sealed record TokenizeResult
{
    /// <summary>How many tokens there are.</summary>
    public int Count { get; init; }

    /// <summary>The token ids, in order.</summary>
    public IReadOnlyList<int> Tokens { get => field ?? []; init; }

    /// <summary>The tokens as the vocabulary spells them, which is not always readable text; null unless asked for.</summary>
    public IReadOnlyList<string>? TokenStrings { get; init; }

    /// <summary>Longest context of the model in tokens; null if the server did not say.</summary>
    public int? MaxModelLength { get; init; }

    /// <summary>How the call went.</summary>
    public CallInfo Info { get => field ?? NoInfo; init; }

    /// <summary>Members of the answer that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get => field ?? NoProperties; init; }

    static CallInfo NoInfo { get; } = new();

    static IReadOnlyDictionary<string, JsonElement> NoProperties { get; } = new Dictionary<string, JsonElement>();
}

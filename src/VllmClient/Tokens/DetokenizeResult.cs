using System.Text.Json;

namespace Vllm;

/// <summary>An answer of <c>/detokenize</c>.</summary>
public sealed record DetokenizeResult
{
    /// <summary>The text of the tokens.</summary>
    public string Text { get; init; } = "";

    /// <summary>How the call went.</summary>
    public CallInfo Info { get => field ?? NoInfo; init; }

    /// <summary>Members of the answer that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get => field ?? NoProperties; init; }

    /// <summary>Returns <see cref="Text"/>.</summary>
    public override string ToString() => Text;

    static CallInfo NoInfo { get; } = new();

    static IReadOnlyDictionary<string, JsonElement> NoProperties { get; } = new Dictionary<string, JsonElement>();
}

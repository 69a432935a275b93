using System.Text.Json;

namespace Vllm;

/// <summary>What all answers of pooling models have in common.</summary>
public abstract record PoolingModelResult
{
    /// <summary>The server's id of the answer; empty if it sent none.</summary>
    public string Id { get; init; } = "";

    /// <summary>The model that answered; empty if the server did not say.</summary>
    public string Model { get; init; } = "";

    /// <summary>When the server began; null if it did not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The server's token counts, over all inputs; null if it sent none.</summary>
    public Usage? Usage { get; init; }

    /// <summary>How the call went.</summary>
    public CallInfo Info { get => field ?? NoInfo; init; }

    /// <summary>Members of the answer that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get => field ?? NoProperties; init; }

    static CallInfo NoInfo { get; } = new();

    static IReadOnlyDictionary<string, JsonElement> NoProperties { get; } = new Dictionary<string, JsonElement>();
}

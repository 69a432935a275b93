namespace Vllm;

/// <summary>A model that the server serves.</summary>
public sealed record ModelInfo
{
    /// <summary>The name to ask for.</summary>
    public string Id { get; init; } = "";

    /// <summary>The path or hub name that the model was loaded from; null if the server does not say.</summary>
    public string? Root { get; init; }

    /// <summary>The base model of an adapter; null for a base model.</summary>
    public string? Parent { get; init; }

    /// <summary>Longest context in tokens; null for adapters.</summary>
    public int? MaxModelLength { get; init; }
}

using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>What all requests to pooling models have in common: embeddings, scores, classes and raw pooling.</summary>
public abstract record PoolingModelRequest
{
    /// <summary>The model; null takes the client's default, else the server's own.</summary>
    public string? Model { get; init; }

    /// <summary>Cuts each input to this many tokens; -1 cuts to the model's longest, null lets too long an input fail. At least -1.</summary>
    public int? TruncatePromptTokens { get; init; }

    /// <summary>The side that is cut: <c>left</c> or <c>right</c>. Older servers ignore it.</summary>
    public TruncationSide? TruncationSide { get; init; }

    /// <summary>Whether the model's last step is applied, for instance the scaling of vectors to length 1 or the sigmoid of a score; null takes the model's own setting.</summary>
    public bool? UseActivation { get; init; }

    /// <summary>Lower is served first; needs a server with priority scheduling. Server default: 0.</summary>
    public int? Priority { get; init; }

    /// <summary>Separates the prefix cache from that of other salts; 1 to 1024 characters.</summary>
    public string? CacheSalt { get; init; }

    /// <summary>Options for the model's processor of images, audio and video.</summary>
    public JsonObject? MmProcessorKwargs { get; init; }

    /// <summary>The end user, for the server's logs.</summary>
    public string? User { get; init; }

    /// <summary>Any further members of the request body. A member here beats the typed property of the same name. Leave it alone while the call runs.</summary>
    public JsonObject? ExtraBody { get; init; }

    /// <summary>Names the type only: inputs never reach logs by accident.</summary>
    public sealed override string ToString() => GetType().Name;
}

using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>A part of a kind that this library has no type for; sent as it is.</summary>
public sealed record RawPart : ChatPart
{
    /// <summary>Creates a part from its JSON.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    public RawPart(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Json = json;
    }

    /// <summary>The JSON, for instance <c>{"type":"image_embeds","image_embeds":"…"}</c>.</summary>
    public JsonObject Json { get; }
}

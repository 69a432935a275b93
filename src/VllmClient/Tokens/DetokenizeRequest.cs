using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>A request to <c>/detokenize</c>: the text of tokens.</summary>
public sealed record DetokenizeRequest
{
    /// <summary>The model; null takes the client's default, else the server's own.</summary>
    public string? Model { get; init; }

    /// <summary>The token ids, in order.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Any further members of the request body. A member here beats the typed property of the same name. Leave it alone while the call runs.</summary>
    public JsonObject? ExtraBody { get; init; }

    /// <summary>Names the type only: tokens are text, too.</summary>
    public override string ToString() => nameof(DetokenizeRequest);
}

using System.Globalization;

namespace Vllm;

/// <summary>What exactly stopped a choice: a stop string, or the id of a stop token (which may be 0). One of the two is set.</summary>
public readonly record struct StopReason
{
    /// <summary>Creates a stop reason from the stop string that was found.</summary>
    public StopReason(string text) => Text = text;

    /// <summary>Creates a stop reason from the id of the token that was generated.</summary>
    public StopReason(long tokenId) => TokenId = tokenId;

    /// <summary>The stop string; null if a token stopped the choice.</summary>
    public string? Text { get; }

    /// <summary>The token id; null if a string stopped the choice.</summary>
    public long? TokenId { get; }

    /// <summary>Returns the string or the id.</summary>
    public override string ToString() => Text ?? TokenId?.ToString(CultureInfo.InvariantCulture) ?? "";
}

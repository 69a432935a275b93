namespace Vllm;

/// <summary>What every update of one stream has in common: kept once per stream, so that an update stays small.</summary>
sealed record StreamHead
{
    internal static StreamHead None { get; } = new();

    internal string Id { get; set; } = "";

    internal string Model { get; set; } = "";

    internal long? Created { get; set; }

    /// <summary>How the call goes; replaced by the final word when the stream ends.</summary>
    internal CallInfo? Info { get; set; }

    internal DateTimeOffset? CreatedAt => Created is >= -62135596800 and <= 253402300799 ? DateTimeOffset.FromUnixTimeSeconds(Created.Value) : null;
}

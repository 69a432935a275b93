namespace Vllm;

/// <summary>What every update of one stream has in common: kept once per stream, so that an update stays small.</summary>
sealed class StreamHead
{
    internal static StreamHead None { get; } = new();

    internal string Id { get; set; } = "";

    internal string Model { get; set; } = "";

    internal long? Created { get; set; }
}

namespace Vllm;

/// <summary>A request to <c>/pooling</c>: what the model's last layer says, whatever its form.</summary>
public sealed record PoolingRequest : PoolingInputRequest
{
    /// <summary>What is asked for: <c>embed</c>, <c>classify</c>, <c>token_embed</c>, <c>token_classify</c> or <c>plugin</c>; null takes the model's own.</summary>
    public string? Task { get; init; }

    /// <summary>Length of the vectors, where the model allows a choice; null takes the model's own.</summary>
    public int? Dimensions { get; init; }

    /// <summary>How the numbers travel. Server default: <see cref="VectorEncoding.Numbers"/>. <see cref="VectorEncoding.Base64"/> loses the shape where there is a vector per token.</summary>
    public VectorEncoding? EncodingFormat { get; init; }

    /// <summary>The type of number that is sent. Server default: <see cref="VectorNumberType.F32"/>.</summary>
    public VectorNumberType? EmbedDType { get; init; }

    /// <summary>The order of bytes that is sent; null leaves the server's own, taken to be <see cref="VectorByteOrder.Little"/>.</summary>
    public VectorByteOrder? Endianness { get; init; }

    /// <summary>Asks about one text.</summary>
    public static implicit operator PoolingRequest(string text) => FromText(text);

    /// <summary>Asks about one text.</summary>
    public static PoolingRequest FromText(string text) => new() { Input = text };
}

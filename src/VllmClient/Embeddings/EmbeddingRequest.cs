namespace Vllm;

/// <summary>A request to <c>/v1/embeddings</c>.</summary>
public sealed record EmbeddingRequest : PoolingInputRequest
{
    /// <summary>Length of the vectors, where the model allows a choice; null takes the model's own.</summary>
    public int? Dimensions { get; init; }

    /// <summary>How the vectors travel. Default: <see cref="VectorEncoding.Base64"/>; a server that answers with decimal numbers all the same is understood.</summary>
    public VectorEncoding? EncodingFormat { get; init; }

    /// <summary>The type of number that the vectors travel in. Server default: <see cref="VectorNumberType.F32"/>.</summary>
    public VectorNumberType? EmbedDType { get; init; }

    /// <summary>The order of bytes that the vectors travel in; null leaves the server's own, taken to be <see cref="VectorByteOrder.Little"/>.</summary>
    public VectorByteOrder? Endianness { get; init; }

    /// <summary>Asks for the vector of one text.</summary>
    public static implicit operator EmbeddingRequest(string text) => FromText(text);

    /// <summary>Asks for the vector of one text.</summary>
    public static EmbeddingRequest FromText(string text) => new() { Input = text };
}

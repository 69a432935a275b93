namespace Vllm;

/// <summary>An answer of <c>/v1/embeddings</c>.</summary>
public sealed record EmbeddingResult : PoolingModelResult
{
    /// <summary>One item per input, in the server's order, which is that of the inputs.</summary>
    public IReadOnlyList<EmbeddingItem> Data { get => field ?? []; init; }
}

/// <summary>The vector of one input.</summary>
public sealed record EmbeddingItem
{
    /// <summary>Number of the input, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The vector. A number that the server could not say, which it writes as null, is NaN.</summary>
    public ReadOnlyMemory<float> Vector { get; init; }
}

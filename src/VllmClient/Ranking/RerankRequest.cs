namespace Vllm;

/// <summary>A request to <c>/rerank</c>: which documents answer a query best.</summary>
public sealed record RerankRequest : PoolingModelRequest
{
    /// <summary>What is looked for.</summary>
    public required string Query { get; init; }

    /// <summary>What it is looked for in. A document that is no text, such as an image, goes into <see cref="PoolingModelRequest.ExtraBody"/> as <c>documents</c>.</summary>
    public required IReadOnlyList<string> Documents { get; init; }

    /// <summary>How many of the best come back; null or 0 for all.</summary>
    public int? TopN { get; init; }
}

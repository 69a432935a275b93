namespace Vllm;

/// <summary>A request to <c>/score</c>: how alike texts are, pair by pair.</summary>
public sealed record ScoreRequest : PoolingModelRequest
{
    /// <summary>The first texts of the pairs: a single one for all documents, or as many as there are documents.</summary>
    public required IReadOnlyList<string> Queries { get; init; }

    /// <summary>The second texts of the pairs. What is no text goes into <see cref="PoolingModelRequest.ExtraBody"/> as <c>text_2</c>.</summary>
    public required IReadOnlyList<string> Documents { get; init; }
}

using System.Text.Json;

namespace Vllm;

/// <summary>An answer of <c>/rerank</c>.</summary>
public sealed record RerankResult : PoolingModelResult
{
    /// <summary>The documents, best first.</summary>
    public IReadOnlyList<RerankItem> Results { get => field ?? []; init; }
}

/// <summary>One document and how well it answers the query.</summary>
public sealed record RerankItem
{
    /// <summary>Number of the document in the request, from 0.</summary>
    public int Index { get; init; }

    /// <summary>How well it answers: more is better, and the scale is the model's; null if the server sent no number, as it does for NaN.</summary>
    public double? RelevanceScore { get; init; }

    /// <summary>The document's text; null if the server does not send it back.</summary>
    public string? Text { get; init; }

    /// <summary>The document's parts that are no text; null for a plain text.</summary>
    public JsonElement? MultiModal { get; init; }
}

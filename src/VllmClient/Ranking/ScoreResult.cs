namespace Vllm;

/// <summary>An answer of <c>/score</c>.</summary>
public sealed record ScoreResult : PoolingModelResult
{
    /// <summary>One item per pair, in the server's order, which is that of the pairs.</summary>
    public IReadOnlyList<ScoreItem> Data { get => field ?? []; init; }
}

/// <summary>The score of one pair.</summary>
public sealed record ScoreItem
{
    /// <summary>Number of the pair, from 0.</summary>
    public int Index { get; init; }

    /// <summary>How alike the two are. The scale is the model's, and may exceed 1; null if the server sent no number, as it does for NaN.</summary>
    public double? Score { get; init; }
}

namespace Vllm;

/// <summary>An answer of <c>/classify</c>.</summary>
public sealed record ClassifyResult : PoolingModelResult
{
    /// <summary>One item per input, in the server's order, which is that of the inputs.</summary>
    public IReadOnlyList<ClassifyItem> Data { get => field ?? []; init; }
}

/// <summary>The class of one input.</summary>
public sealed record ClassifyItem
{
    /// <summary>Number of the input, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The likeliest class; null if the model has no names for its classes.</summary>
    public string? Label { get; init; }

    /// <summary>The probability of each class, 0 to 1, in the model's order. A number that the server could not say is NaN.</summary>
    public IReadOnlyList<double> Probabilities { get => field ?? []; init; }

    /// <summary>How many classes the model knows; null if the server did not say.</summary>
    public int? ClassCount { get; init; }
}

using System.Text.Json;

namespace Vllm;

/// <summary>An answer of <c>/pooling</c>.</summary>
public sealed record PoolingResult : PoolingModelResult
{
    /// <summary>One item per input, in the server's order, which is that of the inputs.</summary>
    public IReadOnlyList<PoolingItem> Data { get => field ?? []; init; }
}

/// <summary>What the model says of one input.</summary>
public sealed record PoolingItem
{
    /// <summary>Number of the input, from 0.</summary>
    public int Index { get; init; }

    /// <summary>All numbers, row by row; their count is the product of <see cref="Shape"/>. A number that the server could not say is NaN. Empty if the answer is no table of numbers.</summary>
    public ReadOnlyMemory<float> Values { get; init; }

    /// <summary>How the numbers are nested, outermost first: one length for a vector, two for a vector per token, none for a single number.</summary>
    public IReadOnlyList<int> Shape { get => field ?? []; init; }

    /// <summary>The answer as it came, if it is no table of numbers: the answer of a plug-in, or rows of different lengths. Else null.</summary>
    public JsonElement? Raw { get; init; }
}

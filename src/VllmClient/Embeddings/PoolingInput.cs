namespace Vllm;

/// <summary>What a pooling model reads: one or several texts, or one or several lists of token ids.</summary>
public sealed record PoolingInput
{
    PoolingInput() { }

    /// <summary>The texts; null if the input is token ids.</summary>
    public IReadOnlyList<string>? Texts { get; private init; }

    /// <summary>The token ids, one list per input; null if the input is text.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? TokenIds { get; private init; }

    /// <summary>Whether a single input was given, which is sent without a list around it.</summary>
    internal bool IsSingle { get; private init; }

    /// <summary>One text.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static PoolingInput FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new() { Texts = [text], IsSingle = true };
    }

    /// <summary>Several texts; item <c>i</c> of the answer belongs to text <c>i</c>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="texts"/> is null.</exception>
    public static PoolingInput FromTexts(params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new() { Texts = texts };
    }

    /// <summary>One list of token ids.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    public static PoolingInput FromTokenIds(params IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new() { TokenIds = [ids], IsSingle = true };
    }

    /// <summary>Several lists of token ids.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="inputs"/> is null.</exception>
    public static PoolingInput FromTokenIdLists(params IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new() { TokenIds = inputs };
    }

    /// <summary>One text.</summary>
    public static implicit operator PoolingInput(string text) => FromText(text);

    /// <summary>Several texts.</summary>
    public static implicit operator PoolingInput(string[] texts) => FromTexts(texts);

    /// <summary>Names the type only: inputs never reach logs by accident.</summary>
    public override string ToString() => nameof(PoolingInput);
}

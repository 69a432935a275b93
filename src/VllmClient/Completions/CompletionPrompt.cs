namespace Vllm;

/// <summary>The prompt of a completion: one or several texts, or one or several lists of token ids.</summary>
public sealed record CompletionPrompt
{
    CompletionPrompt() { }

    /// <summary>The texts; null if the prompt is token ids.</summary>
    public IReadOnlyList<string>? Texts { get; private init; }

    /// <summary>The token ids, one list per prompt; null if the prompt is text.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? TokenIds { get; private init; }

    /// <summary>Whether a single prompt was given, which is sent without a list around it.</summary>
    internal bool IsSingle { get; private init; }

    /// <summary>One text.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static CompletionPrompt FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new() { Texts = [text], IsSingle = true };
    }

    /// <summary>Several texts; choice <c>i</c> of the answer belongs to prompt <c>i / n</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="texts"/> is empty.</exception>
    public static CompletionPrompt FromTexts(params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0) throw new ArgumentException("At least one prompt is needed.", nameof(texts));
        return new() { Texts = texts };
    }

    /// <summary>One list of token ids.</summary>
    /// <exception cref="ArgumentException"><paramref name="ids"/> is empty.</exception>
    public static CompletionPrompt FromTokenIds(params IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0) throw new ArgumentException("At least one token id is needed.", nameof(ids));
        return new() { TokenIds = [ids], IsSingle = true };
    }

    /// <summary>Several lists of token ids.</summary>
    /// <exception cref="ArgumentException"><paramref name="prompts"/> is empty.</exception>
    public static CompletionPrompt FromTokenIdLists(params IReadOnlyList<IReadOnlyList<int>> prompts)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count == 0) throw new ArgumentException("At least one prompt is needed.", nameof(prompts));
        return new() { TokenIds = prompts };
    }

    /// <summary>One text.</summary>
    public static implicit operator CompletionPrompt(string text) => FromText(text);

    /// <summary>Names the type only: prompts never reach logs by accident.</summary>
    public override string ToString() => nameof(CompletionPrompt);
}

namespace Vllm.Load;

/// <summary>Where the prompts of a run come from. A prompt is a function of the plan's seed and the turn's number, so that a run can be repeated.</summary>
public abstract class Prompts
{
    private protected Prompts() { }

    /// <summary>Every turn sends the same text.</summary>
    /// <param name="text">The prompt.</param>
    /// <param name="maxTokens">Limit of output tokens, at least 1; null leaves it to the server.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is below 1.</exception>
    public static Prompts Fixed(string text, int? maxTokens = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return new Listed([text], Checked(maxTokens));
    }

    /// <summary>Turns send the lines of a text one after another, beginning again at its end. Empty lines are skipped.</summary>
    /// <param name="text">The text, read to its end at once.</param>
    /// <param name="maxTokens">Limit of output tokens, at least 1; null leaves it to the server.</param>
    /// <exception cref="ArgumentException">The text has no line with a character.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is below 1.</exception>
    public static Prompts FromLines(TextReader text, int? maxTokens = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = new List<string>();
        while (text.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line)) lines.Add(line);
        }

        if (lines.Count == 0) throw new ArgumentException("The text has no prompts: every line is empty.", nameof(text));
        return new Listed([.. lines], Checked(maxTokens));
    }

    /// <summary>The caller makes each prompt.</summary>
    /// <param name="item">Makes the prompt of a turn from its number and a source of random numbers of its own. Called from several threads at once.</param>
    public static Prompts From(Func<long, Random, PromptItem> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new Made(item);
    }

    /// <summary>The prompt of a turn.</summary>
    internal abstract PromptItem Get(LoadTurn turn);

    /// <summary>What the report says of the prompts.</summary>
    internal abstract PromptReport Describe();

    static int? Checked(int? maxTokens)
    {
        if (maxTokens is { } limit) ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(maxTokens));
        return maxTokens;
    }

    sealed class Listed(string[] texts, int? maxTokens) : Prompts
    {
        readonly PromptItem[] _items = [.. texts.Select(text => new PromptItem { Text = text, MaxTokens = maxTokens })];

        internal override PromptItem Get(LoadTurn turn) => _items[turn.Index % _items.Length];

        internal override PromptReport Describe() => new()
        {
            Distinct = texts.Distinct(StringComparer.Ordinal).Count(),
            RequestedOutput = maxTokens,
        };
    }

    sealed class Made(Func<long, Random, PromptItem> item) : Prompts
    {
        internal override PromptItem Get(LoadTurn turn) => item(turn.Index, turn.RandomFor(RandomPurpose.Prompts));

        internal override PromptReport Describe() => new();
    }
}

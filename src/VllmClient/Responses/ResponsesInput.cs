using System.Runtime.CompilerServices;

namespace Vllm;

/// <summary>What a response answers: one text, or a list of items such as messages, earlier output and results of functions.</summary>
[CollectionBuilder(typeof(ResponsesInput), nameof(FromItems))]
public sealed record ResponsesInput
{
    ResponsesInput() { }

    /// <summary>The text; null if the input is a list of items.</summary>
    public string? Text { get; private init; }

    /// <summary>The items, oldest first; empty if the input is a text.</summary>
    public IReadOnlyList<ResponsesItem> Items { get; private init; } = [];

    /// <summary>One question of the user.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static ResponsesInput FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new() { Text = text };
    }

    /// <summary>A list of items, oldest first.</summary>
    public static ResponsesInput FromItems(params ReadOnlySpan<ResponsesItem> items) => new() { Items = [.. items] };

    /// <summary>One question of the user.</summary>
    public static implicit operator ResponsesInput(string text) => FromText(text);

    /// <summary>Enumerates the items.</summary>
    public IEnumerator<ResponsesItem> GetEnumerator() => Items.GetEnumerator();

    /// <summary>Names the type only: prompts never reach logs by accident.</summary>
    public override string ToString() => nameof(ResponsesInput);
}

namespace Vllm;

/// <summary>Text within a message of several parts.</summary>
public sealed record TextPart : ChatPart
{
    /// <summary>Creates a text part.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public TextPart(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
    }

    /// <summary>The text.</summary>
    public string Text { get; }
}

namespace Vllm;

/// <summary>One part of a message: text, an image, audio, a video, or anything else that a server reads.</summary>
public abstract record ChatPart
{
    private protected ChatPart() { }

    /// <summary>Makes a text part of a string.</summary>
    public static implicit operator ChatPart(string text) => FromText(text);

    /// <summary>Makes a text part of a string.</summary>
    public static ChatPart FromText(string text) => new TextPart(text);

    /// <summary>Names the type only: content never reaches logs by accident.</summary>
    public sealed override string ToString() => GetType().Name;
}

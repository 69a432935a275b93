using System.Text.Json;

namespace Vllm;

/// <summary>One part of an item's content. An open set: <see cref="Json"/> holds all of a part that came from a server.</summary>
public sealed record ResponsesPart
{
    /// <summary>The kind of part: <c>input_text</c>, <c>input_image</c>, <c>output_text</c>, <c>reasoning_text</c>, <c>refusal</c> and others.</summary>
    public required string Type { get; init; }

    /// <summary>The text, or the words of a refusal; null for parts that have none.</summary>
    public string? Text { get; init; }

    /// <summary>The URL of an image to send; null for other parts.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>The whole part as JSON; if set, it is sent as it is, and the other properties are not. Null for parts made here.</summary>
    public JsonElement? Json { get; init; }

    /// <summary>Creates a text part of a message to send.</summary>
    public static ResponsesPart FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new() { Type = "input_text", Text = text };
    }

    /// <summary>Creates an image part of a message to send.</summary>
    /// <param name="url">An absolute URL of the web, or a <c>data:</c> URL that holds the image.</param>
    /// <exception cref="ArgumentException">The URL is blank or relative, or names a file.</exception>
    public static ResponsesPart FromImageUrl(string url) => new() { Type = "input_image", ImageUrl = MediaUrl.Of(url, "a data: URL") };

    /// <summary>Makes a text part of a string.</summary>
    public static implicit operator ResponsesPart(string text) => FromText(text);

    /// <summary>Names the kind only: content never reaches logs by accident.</summary>
    public override string ToString() => $"ResponsesPart({Type})";
}

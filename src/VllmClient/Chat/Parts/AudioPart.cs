namespace Vllm;

/// <summary>Audio within a message. Needs a model that hears.</summary>
public sealed record AudioPart : ChatPart
{
    AudioPart() { }

    /// <summary>The URL, for audio that the server fetches; else null.</summary>
    public string? Url { get; private init; }

    /// <summary>The encoded audio, for audio that travels with the request; else empty.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>The encoding of <see cref="Bytes"/>, for instance <c>wav</c> or <c>mp3</c>; null with a URL.</summary>
    public string? Format { get; private init; }

    /// <summary>Audio that the server fetches.</summary>
    /// <param name="url">An absolute <c>http</c> or <c>https</c> URL, or a <c>data:</c> URL of any length.</param>
    /// <exception cref="ArgumentException">The URL is blank or relative, or names a file.</exception>
    public static AudioPart FromUrl(string url) => new() { Url = MediaUrl.Of(url, "AudioPart.FromBytes") };

    /// <summary>Audio that travels with the request.</summary>
    /// <param name="bytes">The encoded audio, at least one byte.</param>
    /// <param name="format">Its encoding, for instance <c>wav</c> or <c>mp3</c>.</param>
    /// <exception cref="ArgumentException">There are no bytes, or the format is blank.</exception>
    public static AudioPart FromBytes(ReadOnlyMemory<byte> bytes, string format)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(format);
        if (bytes.IsEmpty) throw new ArgumentException("There are no bytes to send.", nameof(bytes));
        return new() { Bytes = bytes, Format = format };
    }
}

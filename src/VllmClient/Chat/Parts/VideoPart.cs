namespace Vllm;

/// <summary>A video within a message. Needs a model that watches.</summary>
public sealed record VideoPart : ChatPart
{
    VideoPart() { }

    /// <summary>The URL: of the web, or a <c>data:</c> URL that holds the video.</summary>
    public string Url { get; private init; } = "";

    /// <summary>The id under which the server caches the video; null is not sent.</summary>
    public string? Uuid { get; init; }

    /// <summary>A video that the server fetches.</summary>
    /// <param name="url">An absolute <c>http</c> or <c>https</c> URL, or a <c>data:</c> URL of any length.</param>
    /// <exception cref="ArgumentException">The URL is blank or relative, or names a file.</exception>
    public static VideoPart FromUrl(string url) => new() { Url = MediaUrl.Of(url, "VideoPart.FromBytes") };

    /// <summary>A video that travels with the request.</summary>
    /// <param name="bytes">The encoded video, at least one byte.</param>
    /// <param name="mediaType">Its type, for instance <c>video/mp4</c>.</param>
    /// <exception cref="ArgumentException">There are no bytes, or the media type is blank.</exception>
    public static VideoPart FromBytes(ReadOnlyMemory<byte> bytes, string mediaType) => new() { Url = MediaUrl.Data(bytes, mediaType) };
}

namespace Vllm;

/// <summary>An image within a message. Needs a model that sees.</summary>
public sealed record ImagePart : ChatPart
{
    ImagePart() { }

    /// <summary>The URL: of the web, or a <c>data:</c> URL that holds the image. Null for an image that the server knows by its <see cref="Uuid"/>.</summary>
    public string? Url { get; private init; }

    /// <summary>How closely the model looks, for instance <c>low</c> or <c>high</c>; null is not sent.</summary>
    public ImageDetail? Detail { get; init; }

    /// <summary>The id under which the server caches the image; null is not sent.</summary>
    public string? Uuid { get; init; }

    /// <summary>An image that the server fetches.</summary>
    /// <param name="url">An absolute <c>http</c> or <c>https</c> URL, or a <c>data:</c> URL of any length.</param>
    /// <exception cref="ArgumentException">The URL is blank or relative, or names a file; see <see cref="FromFile"/>.</exception>
    public static ImagePart FromUrl(string url) => new() { Url = MediaUrl.Of(url, "ImagePart.FromFile or ImagePart.FromBytes") };

    /// <summary>An image that travels with the request.</summary>
    /// <param name="bytes">The encoded image, at least one byte.</param>
    /// <param name="mediaType">Its type, for instance <c>image/png</c>.</param>
    /// <exception cref="ArgumentException">There are no bytes, or the media type is blank.</exception>
    public static ImagePart FromBytes(ReadOnlyMemory<byte> bytes, string mediaType) => new() { Url = MediaUrl.Data(bytes, mediaType) };

    /// <summary>Reads a file (png, jpg, jpeg, gif, webp, bmp), which then travels with the request.</summary>
    /// <exception cref="ArgumentException">The ending tells no media type; see <see cref="FromBytes"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImagePart FromFile(string path)
    {
        var mediaType = MediaUrl.TypeOf(
            path, (".png", "image/png"), (".jpg", "image/jpeg"), (".jpeg", "image/jpeg"), (".gif", "image/gif"), (".webp", "image/webp"), (".bmp", "image/bmp"));
        return FromBytes(File.ReadAllBytes(path), mediaType);
    }

    /// <summary>An image that the server has cached from an earlier request.</summary>
    /// <exception cref="ArgumentException"><paramref name="uuid"/> is blank.</exception>
    public static ImagePart FromUuid(string uuid)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(uuid);
        return new() { Uuid = uuid };
    }
}

namespace Vllm;

/// <summary>Makes the URLs by which images, audio and video travel.</summary>
static class MediaUrl
{
    internal static string Of(string url, string factory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        // A data URL can be longer than a Uri may be.
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return url;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var absolute))
            throw new ArgumentException($"The URL is relative, and the server has nothing to resolve it against. Give an absolute http or https URL, or the content itself by {factory}.", nameof(url));
        if (absolute.IsFile)
            throw new ArgumentException($"A file URI names a file of this machine, which the server cannot read. Send the content itself: {factory}.", nameof(url));
        return url;
    }

    internal static string Data(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mediaType);
        if (bytes.IsEmpty) throw new ArgumentException("There are no bytes to send.", nameof(bytes));
        return $"data:{mediaType};base64,{Convert.ToBase64String(bytes.Span)}";
    }

    /// <summary>The media type that belongs to the ending of a file's name.</summary>
    internal static string TypeOf(string path, params ReadOnlySpan<(string Ending, string MediaType)> known)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        foreach (var (ending, mediaType) in known)
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return mediaType;
        throw new ArgumentException($"The ending '{Path.GetExtension(path)}' tells no media type. Read the file, and give its bytes with the media type to FromBytes.", nameof(path));
    }
}

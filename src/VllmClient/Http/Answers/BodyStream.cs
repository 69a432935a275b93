using System.IO.Compression;

namespace Vllm.Http;

/// <summary>Opens the body of a response. Nothing asks for compression, and vLLM never compresses; a gateway in between may all the same.</summary>
static class BodyStream
{
    internal static async ValueTask<Stream> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        // The encodings stand in the order in which they were applied.
        foreach (var encoding in response.Content.Headers.ContentEncoding.Reverse()) stream = Decoded(stream, encoding);
        return stream;
    }

    static Stream Decoded(Stream stream, string encoding) => encoding.ToUpperInvariant() switch
    {
        "GZIP" or "X-GZIP" => new DecodedStream(new GZipStream(stream, CompressionMode.Decompress)),
        "DEFLATE" => new DecodedStream(new ZLibStream(stream, CompressionMode.Decompress)),
        "BR" => new DecodedStream(new BrotliStream(stream, CompressionMode.Decompress)),
        _ => stream,
    };
}

using System.Globalization;
using System.Text;

namespace Vllm.Testing;

/// <summary>The few rules of HTTP/1.1 that scripted peers need, written apart from the client's own.</summary>
public static class HttpBytes
{
    /// <summary>Splits a message at its first empty line and undoes chunked framing. A body cut in mid-chunk gives what had come.</summary>
    public static (string Head, byte[] Body) SplitMessage(ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf("\r\n\r\n"u8);
        if (end < 0) return (Encoding.ASCII.GetString(message), []);
        var head = Encoding.ASCII.GetString(message[..end]);
        var body = message[(end + 4)..];
        return (head, head.Contains("transfer-encoding: chunked", StringComparison.OrdinalIgnoreCase) ? Dechunk(body) : body.ToArray());
    }

    public static byte[] Dechunk(ReadOnlySpan<byte> framed)
    {
        var body = new MemoryStream();
        while (framed.IndexOf("\r\n"u8) is > 0 and var line)
        {
            var size = int.Parse(Encoding.ASCII.GetString(framed[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0) break;
            framed = framed[(line + 2)..];
            var present = Math.Min(size, framed.Length);
            body.Write(framed[..present]);
            framed = framed[Math.Min(size + 2, framed.Length)..];
        }

        return body.ToArray();
    }

    /// <summary>One HTTP chunk, as uvicorn frames it.</summary>
    public static byte[] Chunk(ReadOnlySpan<byte> content) => [.. Ascii($"{content.Length:x}\r\n"), .. content, .. "\r\n"u8];

    public static byte[] Chunk(string content) => Chunk(Encoding.UTF8.GetBytes(content));

    public static byte[] LastChunk => "0\r\n\r\n"u8.ToArray();

    /// <summary>The head of a streamed answer, in vLLM's order of headers.</summary>
    public static byte[] StreamHead => Ascii("HTTP/1.1 200 OK\r\ndate: Tue, 24 Nov 2026 04:02:06 GMT\r\nserver: uvicorn\r\ncontent-type: text/event-stream; charset=utf-8\r\nvary: Origin\r\ntransfer-encoding: chunked\r\n\r\n");

    /// <summary>A whole answer with a body of known length.</summary>
    public static byte[] Response(int status, string body, string contentType = "application/json", params string[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Scripted\r\n");
        foreach (var header in headers) head.Append(header).Append("\r\n");
        if (contentType.Length > 0) head.Append(CultureInfo.InvariantCulture, $"content-type: {contentType}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"content-length: {bytes.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. bytes];
    }

    /// <summary>A whole streamed answer: one chunk per event, as vLLM sends it.</summary>
    public static byte[] Stream(params IEnumerable<string> events) => [.. StreamHead, .. events.SelectMany(Chunk), .. LastChunk];

    static byte[] Ascii(FormattableString text) => Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture));

    static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}

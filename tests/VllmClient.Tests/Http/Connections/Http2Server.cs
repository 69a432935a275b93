using System.Buffers.Binary;
using System.Net.Security;
using System.Text;

namespace Vllm.Tests.Http;

/// <summary>The least of an HTTP/2 server: the first request of a connection is answered, the second closes the connection.</summary>
sealed class Http2Server : IAsyncDisposable
{
    const byte Data = 0, Headers = 1, Settings = 4, EndOfStream = 1, EndOfHeaders = 4, Acknowledged = 1;

    readonly TlsFront _front;
    readonly string _answer;
    int _requests;

    internal Http2Server(string answer)
    {
        _answer = answer;
        _front = new(SslApplicationProtocol.Http2, ServeAsync);
    }

    internal Uri Url => _front.Url;

    internal int Requests => Volatile.Read(ref _requests);

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    async Task ServeAsync(SslStream client, CancellationToken token)
    {
        await client.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length], token);
        await SendAsync(client, Settings, 0, 0, [], token);
        for (var ofConnection = 1; ;)
        {
            var (type, flags, stream) = await ReceiveAsync(client, token);
            if (type == Settings && flags != Acknowledged) await SendAsync(client, Settings, Acknowledged, 0, [], token);
            if (type != Data || (flags & EndOfStream) == 0) continue;
            Interlocked.Increment(ref _requests);
            if (ofConnection++ > 1) return;
            // One byte of the compressed head stands for ":status: 200".
            await SendAsync(client, Headers, EndOfHeaders, stream, [0x88], token);
            await SendAsync(client, Data, EndOfStream, stream, Encoding.UTF8.GetBytes(_answer), token);
        }
    }

    static async Task<(byte Type, byte Flags, int Stream)> ReceiveAsync(SslStream client, CancellationToken token)
    {
        var head = new byte[9];
        await client.ReadExactlyAsync(head, token);
        await client.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8], token);
        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)));
    }

    static async Task SendAsync(SslStream client, byte type, byte flags, int stream, byte[] content, CancellationToken token)
    {
        var frame = new byte[9 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        content.CopyTo(frame, 9);
        await client.WriteAsync(frame, token);
    }
}

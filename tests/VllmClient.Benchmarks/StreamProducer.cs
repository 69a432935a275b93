using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Vllm.Testing;

namespace Vllm.Tests.Benchmarks;

/// <summary>Serves one stream after another on each connection, from plain sockets, so that the client's process is measured alone.</summary>
static class StreamProducer
{
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(4);

    internal static async Task RunAsync(ReadMode mode, int chunks)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(512);
        using var stop = new CancellationTokenSource();
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        var accepting = AcceptAsync(listener, mode, chunks, stop.Token);
        // The parent closes the pipe when it is done, or when it dies.
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await stop.CancelAsync();
        await accepting;
    }

    static async Task AcceptAsync(TcpListener listener, ReadMode mode, int chunks, CancellationToken cancellationToken)
    {
        var coalesced = Coalesced(chunks);
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(cancellationToken);
                socket.NoDelay = true;
                _ = Task.Run(() => ServeAsync(socket, mode, chunks, coalesced, cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The parent is done.
        }
    }

    static async Task ServeAsync(Socket socket, ReadMode mode, int chunks, byte[] coalesced, CancellationToken cancellationToken)
    {
        using var own = socket;
        var buffer = new byte[64 * 1024];
        try
        {
            while (await ReadRequestAsync(socket, buffer, cancellationToken))
            {
                if (mode == ReadMode.Coalesced) await SendAsync(socket, coalesced, cancellationToken);
                else await TrickleAsync(socket, chunks, cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The client went away.
        }
    }

    static async Task TrickleAsync(Socket socket, int chunks, CancellationToken cancellationToken)
    {
        var contents = ChatEvents.Contents.Select(text => HttpBytes.Chunk(text)).ToArray();
        using var timer = new PeriodicTimer(Pace);
        await SendAsync(socket, (byte[])[.. HttpBytes.StreamHead, .. HttpBytes.Chunk(ChatEvents.Role)], cancellationToken);
        for (var i = 0; i < chunks - 1; i++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            await SendAsync(socket, contents[i % contents.Length], cancellationToken);
        }

        await SendAsync(socket, Tail(chunks), cancellationToken);
    }

    static byte[] Coalesced(int chunks) =>
    [
        .. HttpBytes.StreamHead,
        .. HttpBytes.Chunk(ChatEvents.Role),
        .. Enumerable.Range(0, chunks - 1).SelectMany(number => HttpBytes.Chunk(ChatEvents.ContentAt(number))),
        .. Tail(chunks),
    ];

    static byte[] Tail(int chunks) => [.. HttpBytes.Chunk(ChatEvents.Last), .. HttpBytes.Chunk(ChatEvents.Usage(chunks)), .. HttpBytes.Chunk(SseText.Done), .. HttpBytes.LastChunk];

    static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
    }

    static async Task<bool> ReadRequestAsync(Socket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellationToken);
            if (count == 0) return false;
            filled += count;
            // Requests of the benchmark are JSON objects, so the last byte tells that one is whole.
            if (buffer[filled - 1] == (byte)'}') return true;
        }
    }
}

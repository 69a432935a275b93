using System.Net;
using System.Net.Sockets;

namespace Vllm.Http;

/// <summary>Makes the socket handler that suits vLLM. Each setting answers something that a default gets wrong.</summary>
static class HttpHandlers
{
    internal static SocketsHttpHandler Create(VllmClientOptions options)
    {
        var handler = new SocketsHttpHandler();
        Configure(handler, options);
        return handler;
    }

    internal static void Configure(SocketsHttpHandler handler, VllmClientOptions options)
    {
        handler.ConnectTimeout = options.ConnectTimeout;
        handler.PooledConnectionIdleTimeout = options.PooledConnectionIdleTimeout;
        handler.PooledConnectionLifetime = options.PooledConnectionLifetime;
        // A stopped stream must close its connection at once: that is how vLLM learns to stop generating.
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        // Vectors as bytes come with a header of about 110 bytes for each.
#pragma warning disable CA2262 // The unit is KiB, and 1 MiB is meant.
        handler.MaxResponseHeadersLength = 1024;
#pragma warning restore CA2262
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.EnableMultipleHttp2Connections = true;
        handler.ConnectCallback = ConnectAsync;
        handler.PlaintextStreamFilter = Watch;
        if (options.MaxConnectionsPerServer is { } most) handler.MaxConnectionsPerServer = most;
        if (!options.Telemetry.PropagateContext) handler.ActivityHeadersPropagator = null;
    }

    static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            KeepAlive(socket);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // In HTTP/2 calls share a connection, and its bytes say nothing about one of them.
    static ValueTask<Stream> Watch(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken) =>
        new(context.NegotiatedHttpVersion.Major == 1 ? new WatchedStream(context.PlaintextStream) : context.PlaintextStream);

    // A call that is not streamed is silent for minutes; firewalls forget such connections.
    static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vllm.Tests.Http;

/// <summary>Speaks TLS on a loopback port, and hands each connection to a server of the test. It ends a connection as TLS wants it: with an alert before the close.</summary>
sealed class TlsFront : IAsyncDisposable
{
    static readonly X509Certificate2 Certificate = NewCertificate();

    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly CancellationTokenSource _stopping = new();
    readonly SslApplicationProtocol _protocol;
    readonly Func<SslStream, CancellationToken, Task> _serve;
    readonly List<Task> _connections = [];
    readonly Task _accepting;

    internal TlsFront(SslApplicationProtocol protocol, Func<SslStream, CancellationToken, Task> serve)
    {
        _protocol = protocol;
        _serve = serve;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(16);
        Url = new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        _accepting = AcceptAsync();
    }

    internal Uri Url { get; }

    /// <summary>A front that hands the bytes on to a plain server.</summary>
    internal static TlsFront Before(Uri server) => new(SslApplicationProtocol.Http11, async (client, token) =>
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, token);
        await using var backend = new NetworkStream(socket);
        var up = client.CopyToAsync(backend, token);
        await backend.CopyToAsync(client, token);
        await client.ShutdownAsync();
        await up;
    });

    /// <summary>A handler of the client's own making that trusts this server alone.</summary>
    internal static SocketsHttpHandler Trusting(SocketsHttpHandler handler)
    {
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == Certificate.GetCertHashString();
        return handler;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptAsync(_stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsServerAsync(new() { ServerCertificate = Certificate, ApplicationProtocols = [_protocol] }, _stopping.Token);
            await _serve(stream, _stopping.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client went away, or the test is over.
        }
    }

    static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Vllm.Testing;

/// <summary>A server on a real loopback port: script i answers request i, the last one all that follow.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    readonly ConcurrentDictionary<int, ServerConnection> _connections = new();
    readonly CancellationTokenSource _stopping = new();
    readonly Func<ReceivedRequest, int, IReadOnlyList<ServerStep>> _script;
    readonly Task _accepting;
    int _answered;

    public ScriptedServer(params IReadOnlyList<IReadOnlyList<ServerStep>> scripts) : this((_, number) => scripts[Math.Min(number, scripts.Count - 1)]) { }

    /// <param name="script">Answers by what is asked, and by the number of the request, from 0.</param>
    public ScriptedServer(Func<ReceivedRequest, int, IReadOnlyList<ServerStep>> script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Url = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public ReceivedRequest Request => _requests.Single();

    public int Connections => _connections.Count;

    /// <summary>Whether the client has closed a connection, asked of the operating system, so without waiting.</summary>
    public bool HasClosed(int connection) => _connections[connection].HasClosed;

    /// <summary>Waits until the client closes a connection; gives the moment as a timestamp of the system clock.</summary>
    public Task<long> WaitForCloseAsync(int connection, CancellationToken cancellationToken) => _connections[connection].Closed.WaitAsync(cancellationToken);

    /// <summary>A client of this server.</summary>
    public VllmClient Client(Action<VllmClientOptions>? configure = null)
    {
        var options = new VllmClientOptions { BaseUrl = Url };
        configure?.Invoke(options);
        return new(options);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections.Values) await connection.DisposeAsync();
        _stopping.Dispose();
    }

    internal IReadOnlyList<ServerStep> Receive(ReceivedRequest request)
    {
        _requests.Enqueue(request);
        return _script(request, Interlocked.Increment(ref _answered) - 1);
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stopping.Token);
                socket.NoDelay = true;
                var number = _connections.Count;
                _connections[number] = new(socket, number, this, _stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The server is being disposed.
        }
    }
}

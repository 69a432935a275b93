using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Vllm.Testing;

/// <summary>One connection of a scripted server. It reads all the time, so that a close is seen while an answer is under way.</summary>
sealed class ServerConnection : IAsyncDisposable
{
    readonly Socket _socket;
    readonly int _number;
    readonly ScriptedServer _server;
    readonly CancellationToken _stopping;
    readonly Channel<IReadOnlyList<ServerStep>> _scripts = Channel.CreateUnbounded<IReadOnlyList<ServerStep>>();
    readonly TaskCompletionSource<long> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<byte> _received = [];
    readonly Task _reading;
    readonly Task _answering;

    internal ServerConnection(Socket socket, int number, ScriptedServer server, CancellationToken stopping)
    {
        _socket = socket;
        _number = number;
        _server = server;
        _stopping = stopping;
        _reading = Task.Run(ReadAsync, CancellationToken.None);
        _answering = Task.Run(AnswerAsync, CancellationToken.None);
    }

    internal Task<long> Closed => _closed.Task;

    internal bool HasClosed
    {
        get
        {
            if (_closed.Task.IsCompleted) return true;
            try
            {
                return _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _scripts.Writer.TryComplete();
        _socket.Dispose();
        await _reading;
        await _answering;
    }

    async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, _stopping) is > 0 and var count)
            {
                _received.AddRange(buffer.AsSpan(0, count));
                while (TakeRequest() is { } request) _scripts.Writer.TryWrite(_server.Receive(request));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // A reset by the client is a close too; everything else is this server's own end.
        }

        _closed.TrySetResult(TimeProvider.System.GetTimestamp());
        _scripts.Writer.TryComplete();
    }

    async Task AnswerAsync()
    {
        try
        {
            await foreach (var script in _scripts.Reader.ReadAllAsync(_stopping))
            {
                foreach (var step in script) await RunAsync(step);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client went away, or the server is being disposed.
        }
    }

    async Task RunAsync(ServerStep step)
    {
        switch (step)
        {
            case ServerStep.SendStep send:
                var rest = send.Bytes;
                while (!rest.IsEmpty) rest = rest[await _socket.SendAsync(rest, _stopping)..];
                break;
            case ServerStep.UntilStep until:
                await until.Signal.WaitAsync(_stopping);
                break;
            case ServerStep.DoStep act:
                act.Action();
                break;
            case ServerStep.PauseStep pause:
                await Task.Delay(pause.Time, TimeProvider.System, _stopping);
                break;
            case ServerStep.HangStep:
                await _closed.Task.WaitAsync(_stopping);
                break;
            case ServerStep.CloseStep:
                _socket.Shutdown(SocketShutdown.Both);
                _socket.Close();
                break;
            case ServerStep.ResetStep:
                _socket.LingerState = new(enable: true, seconds: 0);
                _socket.Close();
                break;
            default:
                throw new NotSupportedException(step.ToString());
        }
    }

    ReceivedRequest? TakeRequest()
    {
        var bytes = _received.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        var lines = Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var length = headers.TryGetValue("Content-Length", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        if (bytes.Length < end + 4 + length) return null;
        _received.RemoveRange(0, end + 4 + length);
        var first = lines[0].Split(' ');
        return new(first[0], first[1], headers, bytes[(end + 4)..(end + 4 + length)], _number);
    }
}

namespace Vllm.Testing;

/// <summary>A server on a real loopback port that replays recordings: one write per recorded read, without the recorded pauses unless asked for.</summary>
public sealed class ReplayServer : IAsyncDisposable
{
    readonly ScriptedServer _server;

    public ReplayServer(params IReadOnlyList<Recording> recordings) : this(keepPace: false, recordings) { }

    public ReplayServer(bool keepPace, params IReadOnlyList<Recording> recordings) =>
        _server = new([.. recordings.Select(recording => Script(recording, keepPace))]);

    public static ReplayServer Of(params IReadOnlyList<string> names) => new([.. names.Select(Recording.Load)]);

    public Uri Url => _server.Url;

    public IReadOnlyList<ReceivedRequest> Requests => _server.Requests;

    public ReceivedRequest Request => _server.Request;

    public int Connections => _server.Connections;

    public Task<long> WaitForCloseAsync(int connection, CancellationToken cancellationToken) => _server.WaitForCloseAsync(connection, cancellationToken);

    public VllmClient Client(Action<VllmClientOptions>? configure = null) => _server.Client(configure);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>The steps that replay a recording.</summary>
    public static IReadOnlyList<ServerStep> Script(Recording recording, bool keepPace = false)
    {
        ArgumentNullException.ThrowIfNull(recording);
        var steps = new List<ServerStep>();
        var at = TimeSpan.Zero;
        foreach (var (read, slice) in recording.Reads.Zip(recording.Slices()))
        {
            if (keepPace) steps.Add(ServerStep.Pause(read.At - at));
            at = read.At;
            steps.Add(ServerStep.Send(slice));
        }

        if (recording.End is RecordingEnd.Closed or RecordingEnd.ClosedEarly) steps.Add(ServerStep.Close);
        if (recording.End is RecordingEnd.CutByClient) steps.Add(ServerStep.Hang);
        return steps;
    }
}

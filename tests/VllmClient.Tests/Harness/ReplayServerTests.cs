using System.Net.Sockets;
using Vllm.Testing;

namespace Vllm.Tests.Harness;

/// <summary>The replay server against .NET's own HTTP client, so that a failing recording test means a failing client.</summary>
public class ReplayServerTests
{
    public static TheoryData<string> Complete => [.. Recording.Names.Where(name => Recording.Load(name).End == RecordingEnd.Complete)];

    [Theory]
    [MemberData(nameof(Complete))]
    public async Task Replays_every_recording_byte_for_byte(string name)
    {
        var recording = Recording.Load(name);
        await using var server = new ReplayServer(recording);
        using var client = new HttpClient();

        var body = await client.GetByteArrayAsync(server.Url, TestContext.Current.CancellationToken).ContinueWith(Answer, TaskScheduler.Default);

        (body is null || body.AsSpan().SequenceEqual(recording.Body)).ShouldBeTrue();
        server.Request.Method.ShouldBe("GET");
    }

    [Fact]
    public void Knows_as_many_bytes_from_the_reads_as_from_the_response()
    {
        foreach (var recording in Recording.Names.Select(Recording.Load))
        {
            recording.Reads.Sum(read => read.Bytes).ShouldBe(recording.Response.Length, recording.Name);
        }
    }

    [Fact]
    public async Task Keeps_the_connection_open_after_a_complete_answer()
    {
        await using var server = ReplayServer.Of("chat-stream-basic", "version");
        using var client = new HttpClient();

        await client.GetStringAsync(server.Url, TestContext.Current.CancellationToken);
        var second = await client.GetStringAsync(server.Url, TestContext.Current.CancellationToken);

        second.ShouldBe("""{"version":"0.32.0"}""");
        server.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Closes_without_a_byte_where_the_server_did()
    {
        await using var server = ReplayServer.Of("chat-server-killed");
        using var client = new HttpClient();

        var failure = await Should.ThrowAsync<HttpRequestException>(() => client.GetStringAsync(server.Url, TestContext.Current.CancellationToken));

        failure.HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
    }

    [Fact]
    public async Task Sees_the_client_close()
    {
        await using var server = ReplayServer.Of("chat-stream-cancelled");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Url.Host, server.Url.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken);

        socket.Close();

        await server.WaitForCloseAsync(0, TestContext.Current.CancellationToken);
    }

    static byte[]? Answer(Task<byte[]> task) => task.IsCompletedSuccessfully ? task.Result : task.Exception!.InnerException is HttpRequestException { StatusCode: not null } ? null : throw task.Exception;
}

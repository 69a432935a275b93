using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>A stream that fails with the server still sending is aborted: a handler of the application's that drains what it is left with must get nothing to drain.</summary>
public class AbortTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("error")]
    [InlineData("abort")]
    [InlineData("malformed")]
    public async Task A_stream_that_fails_has_closed_its_connection_by_the_time_it_throws(string way)
    {
        var last = way switch { "error" => SseText.EngineDied, "abort" => SseText.Finish("abort"), _ => "data: {\n\n" };
        await using var server = new ScriptedServer([Sends(SseText.Role(), SseText.Text("a"), last), ServerStep.Hang]);
        using var http = Draining();
        using var client = new VllmClient(http, new() { BaseUrl = server.Url });

        await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token).AsTask());

        server.HasClosed(0).ShouldBeTrue();
    }

    [Fact]
    public async Task A_stream_that_is_cancelled_between_reads_has_closed_its_connection_by_the_time_it_throws()
    {
        await using var server = new ScriptedServer([Sends(SseText.Role(), SseText.Text("a"), SseText.Text("b")), ServerStep.Hang]);
        using var http = Draining();
        using var client = new VllmClient(http, new() { BaseUrl = server.Url });
        using var cancel = new CancellationTokenSource();
        await using var stream = client.ChatStreamAsync("Hi", cancellationToken: cancel.Token).GetAsyncEnumerator(Token);
        for (var i = 0; i < 3; i++) await stream.MoveNextAsync();

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => stream.MoveNextAsync().AsTask());

        server.HasClosed(0).ShouldBeTrue();
    }

    // One read brings all of it, so that no read waits when the stream fails.
    static ServerStep Sends(params string[] events) => ServerStep.Send((byte[])[.. HttpBytes.StreamHead, .. HttpBytes.Chunk(string.Concat(events))]);

    static HttpClient Draining() => new(new SocketsHttpHandler { ResponseDrainTimeout = Timeout.InfiniteTimeSpan, MaxResponseDrainSize = int.MaxValue }) { Timeout = Timeout.InfiniteTimeSpan };
}

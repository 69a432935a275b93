using Vllm.Testing;

namespace Vllm.Tests.Http;

public class ConnectionTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static ServerStep Answer { get; } = ServerStep.Send(HttpBytes.Response(200, SseText.ChatAnswer("ok")));

    [Fact]
    public async Task Twenty_streams_one_after_another_share_one_connection()
    {
        await using var server = ReplayServer.Of("chat-stream-basic");
        using var client = server.Client();

        for (var i = 0; i < 20; i++) await client.ChatStreamAsync("Hello", cancellationToken: Token).ToListAsync(Token);

        server.Requests.Count.ShouldBe(20);
        server.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Refusals_keep_the_connection()
    {
        await using var server = ReplayServer.Of("error-temperature", "error-model-404", "chat-basic");
        using var client = server.Client();

        await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync("Hi", cancellationToken: Token));
        await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync("Hi", cancellationToken: Token));
        await client.ChatAsync("Hi", cancellationToken: Token);

        server.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kept_connection_that_dies_at_once_is_tried_again_at_once(bool reset)
    {
        await using var server = new ScriptedServer([Answer], [reset ? ServerStep.Reset : ServerStep.Close], [Answer]);
        using var client = server.Client();
        await client.ChatAsync("Hi", cancellationToken: Token);

        var result = await client.ChatAsync("Hi", cancellationToken: Token);

        result.Text.ShouldBe("ok");
        result.Info.Attempts.ShouldBe(2);
        server.Requests.Count.ShouldBe(3);
        server.Connections.ShouldBe(2);
        server.Requests[2].Text.ShouldBe(server.Requests[1].Text);
    }

    [Fact]
    public async Task A_stream_on_a_kept_connection_that_dies_at_once_is_tried_again()
    {
        await using var server = new ScriptedServer([Answer], [ServerStep.Close], [ServerStep.Send(HttpBytes.Stream(SseText.Role(), SseText.Last("whole"), SseText.Done))]);
        using var client = server.Client();
        await client.ChatAsync("Hi", cancellationToken: Token);

        var updates = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);

        updates.TextOf().ShouldBe("whole");
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_fresh_connection_that_dies_is_not_tried_again()
    {
        await using var server = new ScriptedServer([ServerStep.Close], [Answer]);
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmConnectionException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        failure.Attempts.ShouldBe(1);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_kept_connection_that_dies_in_the_body_is_not_tried_again()
    {
        var half = HttpBytes.Response(200, SseText.ChatAnswer("never whole"));
        await using var server = new ScriptedServer([Answer], [ServerStep.Send(half.AsMemory(0, half.Length - 10)), ServerStep.Close], [Answer]);
        using var client = server.Client();
        await client.ChatAsync("Hi", cancellationToken: Token);

        var failure = await Should.ThrowAsync<VllmConnectionException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        failure.BytesReceived.ShouldBeGreaterThan(0);
        failure.Attempts.ShouldBe(1);
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_gate_lets_so_many_calls_through_and_the_rest_in_order()
    {
        var release = new TaskCompletionSource();
        await using var server = new ScriptedServer([ServerStep.Until(release.Task), Answer]);
        using var client = server.Client(options => options.MaxConcurrentRequests = 2);

        var calls = Enumerable.Range(0, 6).Select(i => client.ChatAsync($"question {i}", cancellationToken: Token)).ToList();
        while (server.Requests.Count < 2) await Task.Yield();
        calls.ShouldAllBe(call => !call.IsCompleted);
        server.Connections.ShouldBe(2);
        release.SetResult();
        var results = await Task.WhenAll(calls);

        results.ShouldAllBe(result => result.Text == "ok" && result.Info.Timings.Queued != null);
        server.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_at_the_gate_leaves_it_open_for_the_next()
    {
        var release = new TaskCompletionSource();
        await using var server = new ScriptedServer([ServerStep.Until(release.Task), Answer]);
        using var client = server.Client(options => options.MaxConcurrentRequests = 1);
        using var cancel = new CancellationTokenSource();

        var first = client.ChatAsync("1", cancellationToken: Token);
        var second = client.ChatAsync("2", cancellationToken: cancel.Token);
        var third = client.ChatAsync("3", cancellationToken: Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        release.SetResult();
        await Task.WhenAll(first, third);

        server.Requests.Count.ShouldBe(2);
    }
}

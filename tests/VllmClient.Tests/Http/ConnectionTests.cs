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
    public async Task After_six_idle_seconds_a_server_that_closes_after_five_is_reached_anew_without_an_error()
    {
        await using var server = new ScriptedServer([Answer, ServerStep.Pause(TimeSpan.FromSeconds(5)), ServerStep.Close], [Answer]);
        using var client = server.Client();
        await client.ChatAsync("Hi", cancellationToken: Token);

        // The pool's own clock cannot be moved: this is the one test that waits.
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System, Token);
        var result = await client.ChatAsync("Hi", cancellationToken: Token);

        result.Info.Attempts.ShouldBe(1);
        server.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_opened_in_time_is_a_timeout_of_its_own_kind_and_not_tried_again()
    {
        var attempts = 0;
        // A handler that never connects, with the connect limit of the options: what a network without an answer looks like.
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(200),
            ConnectCallback = async (_, token) =>
            {
                attempts++;
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                throw new InvalidOperationException("An endless wait ended.");
            },
        };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new VllmClient(http, new() { BaseUrl = new("http://127.0.0.1:9"), ConnectTimeout = TimeSpan.FromMilliseconds(200) });

        var whole = await Should.ThrowAsync<VllmTimeoutException>(() => client.ChatAsync("Hi", cancellationToken: Token));
        var stream = await Should.ThrowAsync<VllmTimeoutException>(() => client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token).AsTask());

        whole.Kind.ShouldBe(VllmTimeoutKind.Connect);
        whole.Message.ShouldContain(nameof(VllmClientOptions.ConnectTimeout));
        stream.Kind.ShouldBe(VllmTimeoutKind.Connect);
        attempts.ShouldBe(2);
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

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "Name or service not known")]
    [InlineData(HttpRequestError.ConnectionError, "No route to host")]
    [InlineData(HttpRequestError.SecureConnectionError, "The remote certificate is invalid: RemoteCertificateNameMismatch")]
    [InlineData(HttpRequestError.ResponseEnded, "The response ended prematurely")]
    [InlineData(HttpRequestError.InvalidResponse, "Received an invalid status line: 'SSH-2.0'")]
    [InlineData(HttpRequestError.ProxyTunnelError, "The proxy tunnel request failed with status code '407'")]
    [InlineData(HttpRequestError.Unknown, "Too many open files")]
    public async Task A_failure_says_what_the_innermost_exception_says(HttpRequestError kind, string words)
    {
        using var client = new ScriptedHandler().Fails(() => new HttpRequestException(kind, "see inner exception", new IOException("see inner exception", new IOException(words + ".")))).Client(options => options.MaxRetries = 0);

        var failure = await Should.ThrowAsync<VllmConnectionException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        failure.Message.ShouldContain(words);
        failure.Message.ShouldNotContain("inner exception");
        failure.Message.ShouldNotContain("..");
    }

    [Fact]
    public async Task Words_of_a_failure_stay_in_one_short_line()
    {
        using var client = new ScriptedHandler().Fails(() => new HttpRequestException(HttpRequestError.InvalidResponse, "bad\r\n\u001b[31m" + new string('x', 10_000))).Client(options => options.MaxRetries = 0);

        var failure = await Should.ThrowAsync<VllmConnectionException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        failure.Message.Length.ShouldBeLessThan(500);
        failure.Message.ShouldAllBe(letter => !char.IsControl(letter));
    }

    [Fact]
    public async Task An_answer_that_breaks_says_how()
    {
        await using var server = new ScriptedServer([ServerStep.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":"), ServerStep.Close]);
        using var client = server.Client(options => options.MaxRetries = 0);

        var failure = await Should.ThrowAsync<VllmConnectionException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        failure.Message.ShouldContain("The response ended prematurely");
    }
}

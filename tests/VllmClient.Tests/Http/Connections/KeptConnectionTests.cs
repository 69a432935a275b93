using Microsoft.Extensions.DependencyInjection;
using Vllm.Http;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>A generation never runs twice: what dies on a kept connection is sent again only if no byte of an answer to it had come.</summary>
public class KeptConnectionTests
{
    const string Head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 300\r\n\r\n";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static ServerStep Answer { get; } = ServerStep.Send(HttpBytes.Response(200, SseText.ChatAnswer("ok")));

    public static TheoryData<string, bool> PartsOfAnAnswer { get; } = new MatrixTheoryData<string, bool>(
        ["H", "HTTP/1.1", "HTTP/1.1 200 OK\r\n", Head[..40], Head[..^2], "HTTP/1.1 100 Continue\r\n\r\n", Head, Head + "{"], [false, true]);

    [Theory]
    [MemberData(nameof(PartsOfAnAnswer))]
    public async Task Does_not_repeat_a_request_after_a_part_of_its_answer(string part, bool stream)
    {
        await using var server = new ScriptedServer([Answer], [ServerStep.Send(part), ServerStep.Close], [Answer]);
        using var client = server.Client();
        await client.ChatAsync("Hi", cancellationToken: Token);

        var failure = await Should.ThrowAsync<VllmConnectionException>(() => AskAsync(client, stream));

        failure.Attempts.ShouldBe(1);
        server.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repeats_once_a_request_that_no_byte_had_answered(bool stream)
    {
        await using var server = new ScriptedServer([Answer], [ServerStep.Close], [Answer]);
        using var client = server.Client();
        await client.ChatAsync("Hi", cancellationToken: Token);

        await AskAsync(client, stream);

        server.Requests.Count.ShouldBe(3);
        server.Connections.ShouldBe(2);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("H", 2)]
    public async Task Over_tls_counts_what_is_inside_not_the_alert_that_ends_it(string part, int requests)
    {
        await using var server = new ScriptedServer([Answer], [ServerStep.Send(part), ServerStep.Close], [Answer]);
        await using var front = TlsFront.Before(server.Url);
        using var client = Over(TlsFront.Trusting(HttpHandlers.Create(new())), front.Url);
        await client.ChatAsync("Hi", cancellationToken: Token);

        if (requests == 3) await AskAsync(client, stream: false);
        else await Should.ThrowAsync<VllmConnectionException>(() => AskAsync(client, stream: false));

        server.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public async Task Does_not_repeat_a_request_over_http_2_where_bytes_cannot_be_told_apart()
    {
        await using var server = new Http2Server(SseText.ChatAnswer("ok"));
        using var client = Over(TlsFront.Trusting(HttpHandlers.Create(new())), server.Url, options => options.HttpVersion = System.Net.HttpVersion.Version20);
        await client.ChatAsync("Hi", cancellationToken: Token);

        var failure = await Should.ThrowAsync<VllmConnectionException>(() => AskAsync(client, stream: false));

        failure.Attempts.ShouldBe(1);
        server.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task Does_not_repeat_a_request_over_a_foreign_handler_whose_connections_it_cannot_see()
    {
        await using var server = new ScriptedServer([Answer], [ServerStep.Close], [Answer]);
        using var client = Over(new SocketsHttpHandler(), server.Url);
        await client.ChatAsync("Hi", cancellationToken: Token);

        await Should.ThrowAsync<VllmConnectionException>(() => AskAsync(client, stream: false));

        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Does_not_repeat_a_request_on_the_fresh_connection_that_another_call_had_opened()
    {
        var release = new TaskCompletionSource();
        var opening = new TaskCompletionSource();
        var mayOpen = new TaskCompletionSource();
        var last = ServerStep.Send(HttpBytes.Response(200, SseText.ChatAnswer("ok"), headers: "connection: close"));
        await using var server = new ScriptedServer([ServerStep.Until(release.Task), Answer], [last, ServerStep.Close], [ServerStep.Close], [Answer]);
        var handler = HttpHandlers.Create(new());
        var connect = handler.ConnectCallback!;
        var connections = 0;
        handler.ConnectCallback = async (context, token) =>
        {
            if (Interlocked.Increment(ref connections) == 2)
            {
                opening.SetResult();
                await mayOpen.Task.WaitAsync(token);
            }

            return await connect(context, token);
        };
        using var client = Over(handler, server.Url);

        // The second call opens a connection, but is served by that of the first, which becomes free before and then closes.
        var first = client.ChatAsync("1", cancellationToken: Token);
        while (server.Requests.Count == 0) await Task.Yield();
        var second = client.ChatAsync("2", cancellationToken: Token);
        await opening.Task.WaitAsync(Token);
        release.SetResult();
        await first;
        await second;
        mayOpen.SetResult();
        var failure = await Should.ThrowAsync<VllmConnectionException>(() => AskAsync(client, stream: false));

        failure.Attempts.ShouldBe(1);
        server.Connections.ShouldBe(2);
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Sees_the_connections_of_a_registered_client_whose_application_opens_them_itself()
    {
        await using var server = new ScriptedServer([Answer], [ServerStep.Close], [Answer]);
        var services = new ServiceCollection();
        services.AddVllmClient(options => options.BaseUrl = server.Url).UseSocketsHttpHandler((handler, _) => handler.ConnectCallback = null);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IVllmClient>();
        await client.ChatAsync("Hi", cancellationToken: Token);

        await AskAsync(client, stream: false);

        server.Requests.Count.ShouldBe(3);
    }

    static VllmClient Over(SocketsHttpHandler handler, Uri url, Action<VllmClientOptions>? configure = null)
    {
        var options = new VllmClientOptions { BaseUrl = url };
        configure?.Invoke(options);
        return new(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }, options);
    }

    static async Task AskAsync(IVllmClient client, bool stream)
    {
        if (stream) await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);
        else await client.ChatAsync("Hi", cancellationToken: Token);
    }
}

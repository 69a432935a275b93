using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>Closing the connection is vLLM's only abort, so every early end must close it, over real sockets.</summary>
public class CancellationTests
{
    static ServerStep Start { get; } = ServerStep.Send((byte[])[.. HttpBytes.StreamHead, .. HttpBytes.Chunk(SseText.Role()), .. HttpBytes.Chunk(SseText.Text("a")), .. HttpBytes.Chunk(SseText.Text("b"))]);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Leaving_the_loop_closes_the_connection_before_the_loop_is_left(bool foreignHandler)
    {
        await using var server = new ScriptedServer([Start, ServerStep.Hang]);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var client = foreignHandler ? new VllmClient(http, new VllmClientOptions { BaseUrl = server.Url }) : server.Client();

        await foreach (var update in client.ChatStreamAsync("Hi", cancellationToken: Token))
        {
            if (update.IsContent) break;
        }

        server.HasClosed(0).ShouldBeTrue();
        await server.WaitForCloseAsync(0, Token);
    }

    [Fact]
    public async Task Disposing_the_enumerator_closes_the_connection()
    {
        await using var server = new ScriptedServer([Start, ServerStep.Hang]);
        using var client = server.Client();
        var stream = client.ChatStreamAsync("Hi", cancellationToken: Token).GetAsyncEnumerator(Token);
        await stream.MoveNextAsync();

        await stream.DisposeAsync();

        server.HasClosed(0).ShouldBeTrue();
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task Cancelling_between_reads_throws_although_data_is_buffered_and_closes()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var server = new ScriptedServer([Start, ServerStep.Hang]);
        using var client = server.Client();
        var seen = new List<ChatUpdate>();

        var failure = await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in client.ChatStreamAsync("Hi", cancellationToken: cancel.Token))
            {
                seen.Add(update);
                await cancel.CancelAsync();
            }
        });

        failure.CancellationToken.ShouldBe(cancel.Token);
        seen.Count.ShouldBe(1);
        await server.WaitForCloseAsync(0, Token);
    }

    [Fact]
    public async Task Cancelling_in_a_read_throws_with_the_callers_token_and_closes()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var server = new ScriptedServer([Start, ServerStep.Hang]);
        using var client = server.Client();
        await using var stream = client.ChatStreamAsync("Hi", cancellationToken: cancel.Token).GetAsyncEnumerator(Token);
        for (var i = 0; i < 3; i++) await stream.MoveNextAsync();

        var reading = stream.MoveNextAsync().AsTask();
        reading.IsCompleted.ShouldBeFalse();
        await cancel.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => reading)).CancellationToken.ShouldBe(cancel.Token);
        await server.WaitForCloseAsync(0, Token);
    }

    [Fact]
    public async Task The_token_of_the_enumeration_counts_too()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var server = new ScriptedServer([Start, ServerStep.Hang]);
        using var client = server.Client();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in client.ChatStreamAsync("Hi", cancellationToken: Token).WithCancellation(cancel.Token))
            {
                if (update.Text == "b") cancel.CancelAfter(TimeSpan.Zero);
            }
        });

        await server.WaitForCloseAsync(0, Token);
    }

    [Fact]
    public async Task Cancelling_a_whole_answer_closes_the_connection()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var received = new TaskCompletionSource();
        await using var server = new ScriptedServer([ServerStep.Do(received.SetResult), ServerStep.Hang]);
        using var client = server.Client();

        var call = client.ChatAsync("Hi", cancellationToken: cancel.Token);
        await received.Task.WaitAsync(Token);
        await cancel.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => call)).CancellationToken.ShouldBe(cancel.Token);
        await server.WaitForCloseAsync(0, Token);
    }

    [Fact]
    public async Task An_error_in_the_stream_closes_the_connection_or_reads_it_to_its_end()
    {
        await using var server = new ScriptedServer([Start, ServerStep.Send(HttpBytes.Chunk(SseText.EngineDied)), ServerStep.Hang]);
        using var client = server.Client();

        await Should.ThrowAsync<VllmStreamException>(async () => await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token));

        await server.WaitForCloseAsync(0, Token);
    }

    [Fact]
    public async Task A_token_that_fired_before_sends_nothing()
    {
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        var handler = new ScriptedHandler().Answers(System.Net.HttpStatusCode.OK, SseText.ChatAnswer("ok"));
        using var client = handler.Client();

        await Should.ThrowAsync<OperationCanceledException>(() => client.ChatAsync("Hi", cancellationToken: cancel.Token));
        await Should.ThrowAsync<OperationCanceledException>(async () => await client.ChatStreamAsync("Hi", cancellationToken: cancel.Token).ToListAsync(Token));

        handler.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_sent_before_enumeration_and_a_second_one_throws()
    {
        var handler = new ScriptedHandler().Streams(() => new TrickleStream(SseText.Role(), SseText.Last("a"), SseText.Done));
        using var client = handler.Client();

        var stream = client.ChatStreamAsync("Hi", cancellationToken: Token);
        handler.Requests.ShouldBeEmpty();
        await stream.ToListAsync(Token);

        await Should.ThrowAsync<InvalidOperationException>(async () => await stream.ToListAsync(Token));
        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Disposing_the_client_ends_its_running_calls()
    {
        await using var server = new ScriptedServer([Start, ServerStep.Hang]);
        var client = server.Client();
        await using var stream = client.ChatStreamAsync("Hi", cancellationToken: Token).GetAsyncEnumerator(Token);
        for (var i = 0; i < 3; i++) await stream.MoveNextAsync();
        var reading = stream.MoveNextAsync().AsTask();

        client.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(() => reading);
        await Should.ThrowAsync<ObjectDisposedException>(() => client.ChatAsync("Hi", cancellationToken: Token));
        await server.WaitForCloseAsync(0, Token);
        client.Dispose();
    }
}

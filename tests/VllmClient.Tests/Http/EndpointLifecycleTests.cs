using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Testing;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>Ends of calls to endpoints other than chat: cancelled, timed out, broken, compressed on the way.</summary>
public class EndpointLifecycleTests
{
    static readonly byte[] Answer = """{"data":[{"index":0,"embedding":[1,2]}]}"""u8.ToArray();

    [Fact]
    public async Task Cancelling_closes_the_connection_and_carries_the_token()
    {
        await using var server = new ScriptedServer([ServerStep.Hang]);
        using var client = server.Client();
        using var source = new CancellationTokenSource();

        var call = client.EmbedAsync("x", cancellationToken: source.Token);
        while (server.Requests.Count == 0) await Task.Yield();
        await source.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => call)).CancellationToken.ShouldBe(source.Token);
        await server.WaitForCloseAsync(0, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_body_that_stalls_meets_the_idle_limit()
    {
        var head = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"data\":");
        await using var server = new ScriptedServer([ServerStep.Send(head), ServerStep.Hang]);
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmTimeoutException>(() => client.EmbedAsync("x", new() { StreamIdleTimeout = TimeSpan.FromMilliseconds(50) }));

        failure.Kind.ShouldBe(VllmTimeoutKind.StreamIdle);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_no_answer()
    {
        var head = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"data\":[]}");
        await using var server = new ScriptedServer([ServerStep.Send(head), ServerStep.Close]);
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmConnectionException>(() => client.EmbedAsync("x"));

        failure.BytesReceived.ShouldBe(11);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Bytes_that_break_off_are_no_vectors()
    {
        var recording = Recording.Load("embeddings-bytes");
        await using var server = new ScriptedServer([ServerStep.Send(recording.Response.AsMemory(0, recording.Response.Length - 800)), ServerStep.Close]);
        using var client = server.Client();

        await Should.ThrowAsync<VllmConnectionException>(() => client.EmbedAsync(new() { Input = "x", EncodingFormat = VectorEncoding.Bytes }));
    }

    [Fact]
    public async Task A_gateway_may_compress()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress)) await gzip.WriteAsync(Answer, TestContext.Current.CancellationToken);
        using var client = new ScriptedHandler().Answers(() =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(packed.ToArray()) };
            response.Content.Headers.TryAddWithoutValidation("content-encoding", "gzip");
            response.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
            return response;
        }).Client();

        (await client.EmbedAsync("x", cancellationToken: TestContext.Current.CancellationToken)).Data[0].Vector.ToArray().ShouldBe([1f, 2f]);
    }

    [Fact]
    public async Task Calls_share_one_connection()
    {
        await using var server = ReplayServer.Of("tokenize-prompt", "pooling", "generate-stream", "rerank");
        using var client = server.Client();

        await client.TokenizeAsync("x", cancellationToken: TestContext.Current.CancellationToken);
        await client.PoolAsync("x", cancellationToken: TestContext.Current.CancellationToken);
        await client.SendStreamAsync("/x", new JsonObject(), cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        await client.RerankAsync(new() { Query = "q", Documents = ["d"] }, cancellationToken: TestContext.Current.CancellationToken);

        server.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Options_of_a_call_reach_every_endpoint()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, """{"data":[],"tokens":[],"prompt":"","text":"","results":[]}""");
        using var client = handler.Client(options => options.ApiKey = "k");
        var options = new VllmRequestOptions
        {
            RequestId = "order-42",
            DataParallelRank = 3,
            ExtraHeaders = new Dictionary<string, string> { ["X-Session-ID"] = "s" },
            ExtraQuery = new Dictionary<string, string> { ["a"] = "b" },
        };

        await client.EmbedAsync("x", options, TestContext.Current.CancellationToken);
        await client.TranscribeAsync(new() { Audio = new byte[] { 1 } }, options, TestContext.Current.CancellationToken);
        await client.DetokenizeAsync(new() { Tokens = [] }, options, TestContext.Current.CancellationToken);
        await client.SendAsync(HttpMethod.Put, "/x?c=d", null, options, TestContext.Current.CancellationToken);

        handler.Requests.Select(request => request.Path).ShouldBe(["/v1/embeddings?a=b", "/v1/audio/transcriptions?a=b", "/detokenize?a=b", "/x?c=d&a=b"]);
        foreach (var request in handler.Requests)
        {
            request.Headers["X-Request-Id"].ShouldBe("order-42");
            request.Headers["X-data-parallel-rank"].ShouldBe("3");
            request.Headers["X-Session-ID"].ShouldBe("s");
            request.Headers["Authorization"].ShouldBe("Bearer k");
        }
    }

    [Fact]
    public async Task What_is_changed_on_the_way_into_json_is_said_without_its_content()
    {
        var logger = new FakeLogger();
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, """{"data":[]}""");
        using var factory = new OneLogger(logger);
        using var client = handler.Client(services: new() { LoggerFactory = factory });

        await client.EmbedAsync(new() { Input = "secret \ud800", Dimensions = 4, ExtraBody = new() { ["dimensions"] = 8 } }, cancellationToken: TestContext.Current.CancellationToken);

        var messages = logger.Collector.GetSnapshot().Select(record => record.Message).ToList();
        messages.ShouldContain(message => message.Contains("dimensions", StringComparison.Ordinal));
        messages.ShouldContain(message => message.Contains("surrogate", StringComparison.OrdinalIgnoreCase));
        messages.ShouldAllBe(message => !message.Contains("secret", StringComparison.Ordinal));
        handler.Request.Json["input"]!.GetValue<string>().ShouldBe("secret \ufffd");
        handler.Request.Json["dimensions"]!.GetValue<int>().ShouldBe(8);
    }

    sealed class OneLogger(FakeLogger logger) : Microsoft.Extensions.Logging.ILoggerFactory
    {
        public void AddProvider(Microsoft.Extensions.Logging.ILoggerProvider provider) => throw new NotSupportedException();

        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
            // The logger has nothing to give back.
        }
    }
}

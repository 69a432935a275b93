using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>A refusal is told by its status. Whatever becomes of its body, the status stays.</summary>
public class RefusalBodyTests
{
    const string Part = """{"error":{"message":"bu""";

    readonly FakeTimeProvider _clock = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int, string> Refusals { get; } = new MatrixTheoryData<int, string>([400, 401, 404, 429, 500, 503], ["cut", "cut chunk", "reset", "no gzip", "cut gzip"]);

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Has_its_status_and_what_had_come_of_its_body(int status, string end)
    {
        await using var server = new ScriptedServer(Refuse(status, end));
        using var client = server.Client(options => options.MaxRetries = 0);

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        failure.ShouldBeOfType(status switch { 429 or 503 => typeof(VllmRateLimitException), 400 => typeof(VllmValidationException), _ => typeof(VllmApiException) });
        failure.StatusCode.ShouldBe(status);
        failure.Body.ShouldBe(end == "no gzip" ? null : Part);
        failure.Message.ShouldContain(end == "no gzip" ? "broke off after 0 bytes" : $"broke off after {Part.Length} bytes");
        failure.InnerException.ShouldBeAssignableTo<IOException>();
    }

    [Fact]
    public async Task Has_its_status_and_what_had_come_of_a_body_that_fell_silent()
    {
        using var client = Stalling(() => _clock.Advance(TimeSpan.FromSeconds(3))).Client(
            options =>
            {
                options.StreamIdleTimeout = TimeSpan.FromSeconds(3);
                options.MaxRetries = 0;
            },
            new() { TimeProvider = _clock });

        var failure = await Should.ThrowAsync<VllmRateLimitException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        failure.Body.ShouldBe(Part);
        failure.Message.ShouldContain($"fell silent after {Part.Length} bytes");
        failure.InnerException.ShouldBeAssignableTo<OperationCanceledException>();
    }

    [Fact]
    public async Task Is_followed_by_another_attempt_though_its_body_fell_silent()
    {
        var handler = Stalling(() => _clock.Advance(TimeSpan.FromSeconds(3)), "0").Answers(HttpStatusCode.OK, SseText.ChatAnswer("ok"));
        using var client = handler.Client(options => options.StreamIdleTimeout = TimeSpan.FromSeconds(3), new() { TimeProvider = _clock });

        var result = await client.ChatAsync("Hi", cancellationToken: Token);

        result.Text.ShouldBe("ok");
        result.Info.Attempts.ShouldBe(2);
    }

    [Theory]
    [InlineData(429, "cut")]
    [InlineData(503, "cut")]
    [InlineData(503, "reset")]
    [InlineData(503, "no gzip")]
    public async Task Is_followed_by_another_attempt_where_its_status_allows_one(int status, string end)
    {
        await using var server = new ScriptedServer(Refuse(status, end), [ServerStep.Send(HttpBytes.Response(200, SseText.ChatAnswer("ok")))]);
        using var client = server.Client();

        var result = await client.ChatAsync("Hi", cancellationToken: Token);

        result.Text.ShouldBe("ok");
        result.Info.Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task Keeps_its_status_when_the_time_of_the_whole_call_is_over()
    {
        using var client = Stalling(() => _clock.Advance(TimeSpan.FromSeconds(8))).Client(options => options.Timeout = TimeSpan.FromSeconds(8), new() { TimeProvider = _clock });

        var failure = await Should.ThrowAsync<VllmRateLimitException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        failure.Body.ShouldBe(Part);
        failure.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Gives_way_to_the_callers_cancellation()
    {
        using var source = new CancellationTokenSource();
        using var client = Stalling(source.Cancel).Client(services: new() { TimeProvider = _clock });

        var failure = await Should.ThrowAsync<OperationCanceledException>(() => client.ChatAsync("Hi", cancellationToken: source.Token));

        failure.CancellationToken.ShouldBe(source.Token);
    }

    [Fact]
    public async Task Has_an_idle_limit_that_each_byte_begins_anew()
    {
        BodyStep[] slow = [.. Part.Select(letter => new[] { BodyStep.Do(() => _clock.Advance(TimeSpan.FromSeconds(2))), BodyStep.Text(letter.ToString()) }).SelectMany(steps => steps)];
        using var client = new ScriptedHandler().Answers(() => Refusal(new TrickleStream(slow))).Client(options =>
        {
            options.StreamIdleTimeout = TimeSpan.FromSeconds(3);
            options.MaxRetries = 0;
        }, new() { TimeProvider = _clock });

        var failure = await Should.ThrowAsync<VllmRateLimitException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        failure.Body.ShouldBe(Part);
        failure.InnerException.ShouldBeNull();
    }

    [Fact]
    public async Task Is_left_at_its_limit_and_its_connection_closed_before_another_attempt()
    {
        var closed = false;
        ScriptedServer? server = null;
        await using var _ = server = new ScriptedServer(
            [ServerStep.Send($"HTTP/1.1 503 Scripted\r\nretry-after: 0\r\ncontent-length: 1000000\r\n\r\n{new string('x', 20_000)}"), ServerStep.Hang],
            [ServerStep.Do(() => closed = server!.HasClosed(0)), ServerStep.Send(HttpBytes.Response(200, SseText.ChatAnswer("ok")))]);
        using var client = server.Client();

        await client.ChatAsync("Hi", cancellationToken: Token);

        closed.ShouldBeTrue();
    }

    static ServerStep[] Refuse(int status, string end)
    {
        var head = $"HTTP/1.1 {status} Scripted\r\ncontent-type: application/json\r\nretry-after: 0\r\n";
        var start = ServerStep.Send($"{head}content-length: 100\r\n\r\n{Part}");
        return end switch
        {
            "cut" => [start, ServerStep.Close],
            "cut chunk" => [ServerStep.Send($"{head}transfer-encoding: chunked\r\n\r\n40\r\n{Part}"), ServerStep.Close],
            "reset" => [start, ServerStep.Reset],
            "no gzip" => [ServerStep.Send($"{head}content-encoding: gzip\r\ncontent-length: {Part.Length}\r\n\r\n{Part}")],
            _ => [ServerStep.Send((byte[])[.. System.Text.Encoding.ASCII.GetBytes($"{head}content-encoding: gzip\r\ncontent-length: 1000\r\n\r\n"), .. Packed()]), ServerStep.Close],
        };
    }

    // Flushed, so that what came can be read, and without an end.
    static byte[] Packed()
    {
        using var bytes = new MemoryStream();
        using var packing = new GZipStream(bytes, CompressionLevel.Fastest);
        packing.Write(System.Text.Encoding.ASCII.GetBytes(Part));
        packing.Flush();
        return bytes.ToArray();
    }

    static ScriptedHandler Stalling(Action then, string? retryAfter = null) => new ScriptedHandler().Answers(() => Refusal(new TrickleStream(Part, BodyStep.Do(then), BodyStep.Hang()), retryAfter));

    static HttpResponseMessage Refusal(Stream body, string? retryAfter = null)
    {
        var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StreamContent(body) };
        response.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
        if (retryAfter is not null) response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return response;
    }
}

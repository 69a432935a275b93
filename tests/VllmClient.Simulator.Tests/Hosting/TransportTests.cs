using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Vllm.Simulator;

namespace Vllm.Tests.Hosting;

public sealed partial class TransportTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":"Hello"}],"max_tokens":30,"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("/v1/completions", """{"prompt":"介绍一下广义相对论","max_tokens":30,"n":2}""")]
    [InlineData("/v1/completions", """{"prompt":"Once","max_tokens":200,"stream":true,"stop":["er"]}""")]
    [InlineData("/v1/completions", """{"prompt":"Once","max_tokens":0}""")]
    public async Task A_port_sends_the_bytes_that_the_handler_sends(string path, string json)
    {
        foreach (var options in (SimulatorOptions[])[SimulatorOptions.Instant, SimulatorOptions.Fixed(TimeSpan.FromMilliseconds(2), TimeSpan.Zero)])
        {
            await using var inMemory = new VllmSimulator(options);
            await using var onPort = new VllmSimulator(options);
            using var first = inMemory.Client();
            using var second = new HttpClient { BaseAddress = await onPort.StartAsync(0, Token) };

            var expected = await Ask.PostAsync(first, path, json);
            var actual = await Ask.PostAsync(second, path, json);

            actual.Status.ShouldBe(expected.Status);
            Created().Replace(actual.Body, "*").ShouldBe(Created().Replace(expected.Body, "*"));
            actual.Headers.Select(header => header.Key).Order().ShouldBe(expected.Headers.Select(header => header.Key).Order());
        }
    }

    [Fact]
    public async Task Each_event_is_a_chunk_of_its_own_and_the_connection_stays()
    {
        await using var server = new VllmSimulator(SimulatorOptions.Instant);
        var uri = await server.StartAsync(0, Token);
        using var socket = new TcpClient();
        await socket.ConnectAsync(uri.Host, uri.Port, Token);
        var stream = socket.GetStream();
        var body = Ask.Chat(3);
        var request = Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        for (var i = 0; i < 2; i++)
        {
            await stream.WriteAsync(request, Token);
            var answer = await ReadToAsync(stream, "\r\n0\r\n\r\n");

            var chunks = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Split("\r\n");
            chunks.Where((_, at) => at % 2 == 1).Take(5).ShouldAllBe(chunk => chunk.StartsWith("data: ", StringComparison.Ordinal) && chunk.EndsWith("\n\n", StringComparison.Ordinal));
            chunks[0].ShouldBe(Encoding.UTF8.GetByteCount(chunks[1]).ToString("x", null));
            chunks.Length.ShouldBe((5 * 2) + 3, "role, three contents, [DONE], the empty chunk");
        }
    }

    [Fact]
    public void A_client_that_disposes_in_memory_is_gone_at_that_tick_and_its_slot_is_free()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(new SimulatorOptions { MaxSequences = 1 }, time);
        using var client = server.Client();

        time.Run(async () =>
        {
            using (var response = await client.SendAsync(Ask.Message("/v1/chat/completions", Ask.Chat(1000)), HttpCompletionOption.ResponseHeadersRead))
            {
                using var stream = await response.Content.ReadAsStreamAsync();
                _ = await stream.ReadAsync(new byte[4096]);
                await Task.Delay(TimeSpan.FromMilliseconds(100), time);
            }

            await Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(2), time);
        });

        var gone = server.Truth.Requests[0];
        var next = server.Truth.Requests[1];
        gone.Outcome.ShouldBe(RequestOutcome.ClientLeft);
        gone.Closed.ShouldBe(next.Received);
        next.Outcome.ShouldBe(RequestOutcome.Finished);
        (next.Scheduled - next.Queued)!.Value.ShouldBeLessThan(TimeSpan.FromMilliseconds(10));
        time.PoolHops.ShouldBe(0);
    }

    [Fact]
    public void A_cancelled_read_is_a_client_that_left()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(SimulatorOptions.Fixed(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10)), time);
        using var client = server.Client();

        time.Run(async () =>
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(75), time);
            using var response = await client.SendAsync(Ask.Message("/v1/chat/completions", Ask.Chat(1000)), HttpCompletionOption.ResponseHeadersRead);
            using var stream = await response.Content.ReadAsStreamAsync();
            await Should.ThrowAsync<OperationCanceledException>(async () =>
            {
                while (await stream.ReadAsync(new byte[4096], cancel.Token) > 0)
                {
                }
            });
        });

        var request = server.Truth.Requests[0];
        request.Outcome.ShouldBe(RequestOutcome.ClientLeft);
        request.Closed.ShouldBe(TimeSpan.FromMilliseconds(75));
        request.OutputTokens.ShouldBe(3);
    }

    [Fact]
    public async Task A_client_that_closes_its_connection_frees_its_slot()
    {
        await using var server = new VllmSimulator(new SimulatorOptions { MaxSequences = 1 });
        using var client = new HttpClient { BaseAddress = await server.StartAsync(0, Token) };
        using (var response = await client.SendAsync(Ask.Message("/v1/chat/completions", Ask.Chat(8000)), HttpCompletionOption.ResponseHeadersRead, Token))
        {
            using var stream = await response.Content.ReadAsStreamAsync(Token);
            _ = await stream.ReadAsync(new byte[4096], Token);
        }

        var answer = await Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(2));

        answer.Status.ShouldBe(200);
        server.Truth.Requests[0].Outcome.ShouldBe(RequestOutcome.ClientLeft);
        server.Truth.Requests[1].Outcome.ShouldBe(RequestOutcome.Finished);
        (await Ask.GetAsync(client, "/metrics")).Body.ShouldContain("finished_reason=\"abort\",model_name=\"sim-8b\"} 0.0");
    }

    [Fact]
    public void A_slow_reader_finds_the_writes_joined()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(SimulatorOptions.Fixed(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10)), time);
        using var client = server.Client();

        var events = time.Run(async () =>
        {
            using var response = await client.SendAsync(Ask.Message("/v1/chat/completions", Ask.Chat(1000)), HttpCompletionOption.ResponseHeadersRead);
            using var stream = await response.Content.ReadAsStreamAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(85), time);
            var buffer = new byte[64 * 1024];
            return Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)).Split("data: ").Length - 1;
        });

        events.ShouldBe(5, "the role and four contents, at 50, 60, 70 and 80 ms");
    }

    [Fact]
    public void A_full_pipe_makes_the_writer_wait_and_not_the_engine()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(SimulatorOptions.Fixed(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)), time);
        using var client = server.Client();

        time.Run(async () =>
        {
            using var response = await client.SendAsync(Ask.Message("/v1/chat/completions", Ask.Chat(1000)), HttpCompletionOption.ResponseHeadersRead);
            await Task.Delay(TimeSpan.FromMilliseconds(5000), time);
            await response.Content.ReadAsByteArrayAsync();
        });

        var request = server.Truth.Requests[0];
        request.LastToken.ShouldBe(TimeSpan.FromMilliseconds(1000));
        request.WriteTimes.Count.ShouldBe(1000);
        request.WriteTimes[100].ShouldBe(request.TokenTimes[100]);
        var inTime = request.WriteTimes.TakeWhile(at => at < TimeSpan.FromSeconds(5)).Count();
        (inTime * 205).ShouldBeInRange(60_000, 70_000, "about 64 KiB of chunks of about 205 bytes");
        request.WriteTimes[^1].ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(StopKind.Kill, RequestOutcome.Killed)]
    [InlineData(StopKind.Terminate, RequestOutcome.Aborted)]
    public async Task A_stopped_server_leaves_its_port_and_can_listen_again(StopKind kind, RequestOutcome outcome)
    {
        await using var server = new VllmSimulator();
        var uri = await server.StartAsync(0, Token);
        using var client = new HttpClient { BaseAddress = uri };
        using var response = await client.SendAsync(Ask.Message("/v1/chat/completions", Ask.Chat(8000)), HttpCompletionOption.ResponseHeadersRead, Token);
        using var stream = await response.Content.ReadAsStreamAsync(Token);
        _ = await stream.ReadAsync(new byte[4096], Token);
        var rest = new StreamReader(stream).ReadToEndAsync(Token);

        await server.StopAsync(kind, Token);

        if (kind == StopKind.Kill)
        {
            await Should.ThrowAsync<IOException>(() => rest);
        }
        else
        {
            (await rest).ShouldEndWith("data: [DONE]\n\n");
        }

        server.Truth.Requests[0].Outcome.ShouldBe(outcome);
        await Should.ThrowAsync<HttpRequestException>(() => Ask.GetAsync(client, "/health"));
        await server.StartAsync(uri.Port, Token);
        (await Ask.GetAsync(client, "/health")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_instant_answer_is_made_no_further_than_64_chunks_ahead()
    {
        await using var server = new VllmSimulator(SimulatorOptions.Instant);
        using var client = server.Client();
        using var response = await client.SendAsync(Ask.Message("/v1/chat/completions", Ask.Chat(5000)), HttpCompletionOption.ResponseHeadersRead, Token);
        using var stream = await response.Content.ReadAsStreamAsync(Token);

        _ = await stream.ReadAsync(new byte[100], Token);

        server.Truth.Requests[0].OutputTokens.ShouldBe(64);
    }

    static async Task<string> ReadToAsync(NetworkStream stream, string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, Token);
            count.ShouldBePositive();
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    [GeneratedRegex("\"created\":\\d+")]
    private static partial Regex Created();
}

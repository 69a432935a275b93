using System.IO.Compression;
using System.Text;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>What gateways and other OpenAI-compatible servers send. Nothing may break, be invented or be lost.</summary>
public class GatewayTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_in_any_order()
    {
        var result = await ReadAsync(
            """data: {"choices":[{"finish_reason":null,"delta":{"content":"a","role":"assistant"},"index":0}],"model":"m","created":5,"object":"x","id":"r"}""" + "\n\n",
            """data: {"usage":{"completion_tokens":2,"total_tokens":3,"prompt_tokens":1},"choices":[{"finish_reason":"stop","delta":{"content":"b"},"index":0}],"model":"m","id":"r"}""" + "\n\n",
            SseText.Done);

        result.Text.ShouldBe("ab");
        result.Id.ShouldBe("r");
        result.Model.ShouldBe("m");
        result.Created.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(5));
        result.FinishReason.ShouldBe(FinishReason.Stop);
        result.Usage.ShouldBe(new Usage { PromptTokens = 1, CompletionTokens = 2, TotalTokens = 3 });
    }

    [Fact]
    public async Task Fields_that_are_absent_instead_of_null()
    {
        var result = await ReadAsync("""data: {"choices":[{"delta":{"content":"a"}}]}""" + "\n\n", """data: {"choices":[{"delta":{},"finish_reason":"stop"}]}""" + "\n\n", SseText.Done);

        result.Text.ShouldBe("a");
        result.Id.ShouldBe("");
        result.Model.ShouldBe("");
        result.Created.ShouldBeNull();
        result.Usage.ShouldBeNull();
        result.Choices.ShouldHaveSingleItem().Index.ShouldBe(0);
    }

    [Fact]
    public async Task A_usage_event_that_has_a_choice()
    {
        var updates = await UpdatesAsync(SseText.Role(), SseText.Text("a"), SseText.Finish(), """data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":""},"finish_reason":null}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""" + "\n\n", SseText.Done);

        updates.TextOf().ShouldBe("a");
        updates.Count(update => update.IsContent).ShouldBe(1);
        updates[^1].Usage!.TotalTokens.ShouldBe(2);
    }

    [Fact]
    public async Task Usage_of_nothing_but_zeros_after_content_is_no_usage()
    {
        var result = await ReadAsync(SseText.Role(), SseText.Last("a"), SseText.Usage(0, 0), SseText.Done);

        result.Usage.ShouldBeNull();
        result.Text.ShouldBe("a");
    }

    [Fact]
    public async Task No_marker_ever_is_accepted_where_the_options_say_so()
    {
        using var client = new ScriptedHandler().Streams(SseText.Role(), SseText.Last("a", "stop")).Client(options => options.RequireDone = false);

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Text.ShouldBe("a");
    }

    [Fact]
    public async Task Chunk_sizes_in_upper_case_and_an_empty_header()
    {
        var body = SseText.Role() + SseText.Last(new string('x', 600)) + SseText.Done;
        var bytes = Encoding.UTF8.GetBytes(body);
        await using var server = new ScriptedServer([ServerStep.Send(
            $"HTTP/1.1 200 OK\r\nX-Empty:\r\nServer:  \r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n{bytes.Length:X}\r\n{body}\r\n0\r\n\r\n")]);
        using var client = server.Client();

        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);

        result.Text.Length.ShouldBe(600);
        result.Info.Headers["X-Empty"].ShouldBe("");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_stream_that_comes_compressed_although_nobody_asked(string encoding)
    {
        var recording = Recording.Load("chat-stream-usage");
        using var plain = new ScriptedHandler().Answers(recording).Client();
        using var client = new ScriptedHandler().Answers(() => Compressed(recording, encoding)).Client();

        var updates = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);

        var expected = await plain.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);
        updates.Select(update => update.Describe()).ShouldBe(expected.Select(update => update.Describe()));
    }

    [Fact]
    public async Task A_whole_answer_and_an_error_that_come_compressed()
    {
        using var client = new ScriptedHandler().Answers(() => Compressed(Recording.Load("chat-basic"), "gzip")).Answers(() => Compressed(Recording.Load("error-temperature"), "gzip")).Client();

        (await client.ChatAsync("Hi", cancellationToken: Token)).Usage!.TotalTokens.ShouldBe(30);
        (await Should.ThrowAsync<VllmValidationException>(() => client.ChatAsync("Hi", cancellationToken: Token))).Param.ShouldBe("temperature");
    }

    [Fact]
    public async Task A_compressed_stream_that_breaks_off_is_truncated()
    {
        var whole = await Compressed(Recording.Load("chat-stream-usage"), "gzip").Content.ReadAsByteArrayAsync(Token);
        using var client = new ScriptedHandler().Answers(() => Encoded(Recording.Load("chat-stream-usage").ToResponse(new MemoryStream(whole, 0, whole.Length / 2)), "gzip")).Client();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token));

        failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_answer_that_is_damaged_is_a_broken_connection_and_nothing_foreign(string encoding)
    {
        var damaged = await Compressed(Recording.Load("chat-basic"), encoding).Content.ReadAsByteArrayAsync(Token);
        damaged.AsSpan(20, 40).Fill(0xFF);
        using var client = new ScriptedHandler().Answers(() => Encoded(Recording.Load("chat-basic").ToResponse(new MemoryStream(damaged)), encoding)).Client(options => options.MaxRetries = 0);

        await Should.ThrowAsync<VllmConnectionException>(() => client.ChatAsync("Hi", cancellationToken: Token));
    }

    [Theory]
    [InlineData("\"stop\"", "stop")]
    [InlineData("\"eos_token\"", "eos_token")]
    [InlineData("\"\"", "")]
    public async Task A_finish_reason_of_any_word_survives(string json, string word)
    {
        var result = await ReadAsync(SseText.Role(), SseText.Text("a"), SseText.Chat($$"""{"index":0,"delta":{},"finish_reason":{{json}}}"""), SseText.Done);
        using var whole = new ScriptedHandler().Answers(System.Net.HttpStatusCode.OK, $$$"""{"id":"x","choices":[{"index":0,"message":{"content":"a"},"finish_reason":{{{json}}}}]}""").Client();

        result.FinishReason!.Value.Value.ShouldBe(word);
        (await whole.ChatAsync("Hi", cancellationToken: Token)).FinishReason!.Value.Value.ShouldBe(word);
    }

    [Theory]
    [InlineData("reasoning")]
    [InlineData("reasoning_content")]
    public async Task Reasoning_has_either_name(string name)
    {
        var result = await ReadAsync(SseText.Role(), SseText.Chat($$$"""{"index":0,"delta":{"{{{name}}}":"hm"}}"""), SseText.Chat($$$"""{"index":0,"delta":{"{{{name}}}":"m"}}"""), SseText.Last("a"), SseText.Done);
        using var whole = new ScriptedHandler().Answers(System.Net.HttpStatusCode.OK, $$$"""{"id":"x","choices":[{"index":0,"message":{"content":"a","{{{name}}}":"hmm"},"finish_reason":"stop"}]}""").Client();

        result.Reasoning.ShouldBe("hmm");
        result.Text.ShouldBe("a");
        (await whole.ChatAsync("Hi", cancellationToken: Token)).Reasoning.ShouldBe("hmm");
    }

    [Theory]
    [InlineData("413", "text/html", "<html><head><title>413 Request Entity Too Large</title></head></html>", "413")]
    [InlineData("502", "text/html", "<html><head><title>502 Bad Gateway</title></head></html>", "could not reach vLLM")]
    [InlineData("429", "application/json", """{"error":{"message":"slow down","type":"rate_limit","code":"rate_limit_exceeded"}}""", "slow down")]
    [InlineData("500", "application/json", """{"detail":[{"loc":["body"],"msg":"broken"}]}""", "broken")]
    [InlineData("400", "application/json", """{"error":"too long"}""", "too long")]
    [InlineData("503", "", "", "503")]
    public async Task An_error_of_a_gateway_is_told_in_its_words(string status, string contentType, string body, string words)
    {
        var code = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture);
        using var client = new ScriptedHandler().Answers((System.Net.HttpStatusCode)code, body, contentType).Client(options => options.MaxRetries = 0);

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync("Hi", cancellationToken: Token));

        failure.StatusCode.ShouldBe(code);
        failure.Message.ShouldContain(words);
        failure.IsOverloaded.ShouldBe(code is 429 or 503);
        if (code == 429) failure.Code.ShouldBe("rate_limit_exceeded");
    }

    static HttpResponseMessage Compressed(Recording recording, string encoding)
    {
        var bytes = new MemoryStream();
        using (Stream packing = encoding switch { "gzip" => new GZipStream(bytes, CompressionLevel.Fastest, true), "br" => new BrotliStream(bytes, CompressionLevel.Fastest, true), _ => new ZLibStream(bytes, CompressionLevel.Fastest, true) })
            packing.Write(recording.Body);
        bytes.Position = 0;
        return Encoded(recording.ToResponse(bytes), encoding);
    }

    static HttpResponseMessage Encoded(HttpResponseMessage response, string encoding)
    {
        response.Content.Headers.ContentEncoding.Add(encoding);
        response.Content.Headers.ContentLength = null;
        return response;
    }

    static async Task<ChatResult> ReadAsync(params string[] stream)
    {
        using var client = new ScriptedHandler().Streams([.. stream.Select(text => (BodyStep)text)]).Client();
        return await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);
    }

    static async Task<List<ChatUpdate>> UpdatesAsync(params string[] stream)
    {
        using var client = new ScriptedHandler().Streams([.. stream.Select(text => (BodyStep)text)]).Client();
        return await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);
    }
}

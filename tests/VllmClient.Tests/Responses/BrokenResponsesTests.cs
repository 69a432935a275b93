using System.Net;
using System.Text;
using Vllm.Testing;

namespace Vllm.Tests.Responses;

/// <summary>Where the network cuts a streamed response must not matter, and no failure may look like an end.</summary>
public class BrokenResponsesTests
{
    const string Created = """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","model":"tiny","status":"in_progress","output":[]}}""";
    const string Delta = """{"type":"response.output_text.delta","sequence_number":1,"output_index":0,"item_id":"msg_1","content_index":0,"delta":"Hel"}""";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Split_in_two_at_every_byte_gives_the_same_events()
    {
        var body = Recording.Load("responses-stream").Body;
        var whole = await DescribeAsync(() => new MemoryStream(body));
        whole.Count.ShouldBe(18);

        (await DescribeAsync(() => TrickleStream.ByteByByte(body))).ShouldBe(whole);
        for (var cut = 1; cut < body.Length; cut++)
        {
            var split = await DescribeAsync(() => TrickleStream.SplitAt(body, cut));
            if (!split.SequenceEqual(whole)) split.ShouldBe(whole, $"cut at byte {cut}");
        }
    }

    [Fact]
    public async Task Cut_off_at_any_byte_never_ends_normally_and_keeps_what_had_arrived()
    {
        var body = Recording.Load("responses-stream").Body;
        var end = body.AsSpan().IndexOf("event: response.completed"u8);
        end = body.AsSpan(end).IndexOf("\n\n"u8) + end + 1;

        for (var length = 0; length <= end; length++)
        {
            var failure = await Should.ThrowAsync<VllmStreamException>(() => DescribeAsync(() => new MemoryStream(body, 0, length)), $"cut off at byte {length}");
            failure.Reason.ShouldBe(VllmStreamFailure.Truncated, $"cut off at byte {length}");
            if (length == end) failure.PartialResult.ShouldBeOfType<ResponsesResult>().Reasoning.ShouldBe(" linesep keeps checked packageCalstop parameterTextIOWrapper payloadDR \u2026STRE");
        }
    }

    [Fact]
    public async Task A_part_of_a_stream_is_put_together_from_its_deltas()
    {
        var failure = await Should.ThrowAsync<VllmStreamException>(() => DescribeAsync(() => Stream(
            Created,
            """{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"msg_1","role":"assistant","status":"in_progress","content":[]}}""",
            Delta,
            Delta.Replace("Hel", "lo", StringComparison.Ordinal),
            """{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"weather","arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","output_index":1,"item_id":"fc_1","delta":"{\"ci"}""")));

        var part = failure.PartialResult.ShouldBeOfType<ResponsesResult>();
        part.Id.ShouldBe("resp_1");
        part.Text.ShouldBe("Hello");
        failure.PartialText.ShouldBe("Hello");
        part.FunctionCalls.ShouldHaveSingleItem().ShouldBe(new ToolCall { Id = "call_1", Name = "weather", Arguments = "{\"ci" });
        part.Info.StatusCode.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"type":"response.failed","response":{"id":"resp_1","object":"response","status":"failed","error":{"code":"server_error","message":"It broke."},"output":[]}}""", "server_error")]
    [InlineData("""{"type":"response.completed","response":{"id":"resp_1","object":"response","status":"failed","error":{"code":"server_error","message":"It broke."},"output":[]}}""", "server_error")]
    [InlineData("""{"type":"error","code":"500","message":"It broke.","param":null,"sequence_number":2}""", "500")]
    [InlineData("""{"error":{"message":"It broke.","type":"InternalServerError","param":null,"code":500}}""", "500")]
    [InlineData("""{"type":"error","error":{"message":"It broke.","type":"InternalServerError","code":503}}""", "503")]
    [InlineData("""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":null}}""", null)]
    public async Task An_event_that_reports_a_failure_throws_with_its_code_and_what_had_arrived(string json, string? code)
    {
        var failure = await Should.ThrowAsync<VllmStreamException>(() => DescribeAsync(() => Stream(Created, Delta, json)));

        failure.Reason.ShouldBe(VllmStreamFailure.ServerError);
        failure.Code.ShouldBe(code);
        failure.IsOverloaded.ShouldBe(code == "503");
        if (code is not null) failure.ServerMessage.ShouldBe("It broke.");
        failure.PartialText.ShouldBe("Hel");
    }

    [Fact]
    public async Task A_response_that_the_server_gave_up_is_aborted()
    {
        var failure = await Should.ThrowAsync<VllmStreamException>(() => DescribeAsync(() => Stream(
            Created, """{"type":"response.completed","response":{"id":"resp_1","status":"cancelled","output":[]}}""")));

        failure.Reason.ShouldBe(VllmStreamFailure.Aborted);
    }

    [Fact]
    public async Task The_marker_of_other_streams_is_no_end_of_this_one()
    {
        var failure = await Should.ThrowAsync<VllmStreamException>(() => DescribeAsync(() => Stream(Created, Delta, "[DONE]")));

        failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
        failure.Message.ShouldContain("without response.completed after 1 content events");
    }

    [Fact]
    public async Task An_event_that_is_no_JSON_is_malformed()
    {
        var failure = await Should.ThrowAsync<VllmStreamException>(() => DescribeAsync(() => Stream(Created, "{\"type\":")));

        failure.Reason.ShouldBe(VllmStreamFailure.Malformed);
    }

    [Theory]
    [InlineData("response.incomplete", "incomplete")]
    [InlineData("response.completed", "completed")]
    public async Task Both_last_events_end_a_stream_normally(string type, string status)
    {
        var events = await ReadAsync(() => Stream(Created, Delta, $$$"""{"type":"{{{type}}}","response":{"id":"resp_1","status":"{{{status}}}","output":[]}}""", "not read any more"));

        events.Count.ShouldBe(3);
        events[2].Response!.Status.ShouldBe(new ResponsesStatus(status));
    }

    [Fact]
    public async Task A_whole_response_that_failed_is_an_exception_when_made_and_a_result_when_fetched()
    {
        const string Failed = """{"id":"resp_1","object":"response","status":"failed","error":{"code":"server_error","message":"It broke."},"output":[]}""";
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, Failed).Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.Responses.CreateAsync("Hello", cancellationToken: Token));
        var fetched = await client.Responses.GetAsync("resp_1", cancellationToken: Token);

        failure.StatusCode.ShouldBe(200);
        failure.Code.ShouldBe("server_error");
        failure.ServerMessage.ShouldBe("It broke.");
        failure.PartialResult.ShouldBeOfType<ResponsesResult>().Id.ShouldBe("resp_1");
        fetched.Status.ShouldBe(ResponsesStatus.Failed);
        fetched.ErrorCode.ShouldBe("server_error");
        fetched.ErrorMessage.ShouldBe("It broke.");
    }

    [Theory]
    [InlineData("<html>hello</html>", "text/html", "no answer of vLLM")]
    [InlineData("{\"hello\":1}", "application/json", "no answer of vLLM")]
    [InlineData("[1]", "application/json", "not an answer of vLLM")]
    [InlineData("{\"error\":{\"message\":\"It broke.\"}}", "application/json", "It broke.")]
    public async Task What_is_no_response_is_refused_streamed_or_not(string body, string contentType, string words)
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, body, contentType).Client();

        var whole = await Should.ThrowAsync<VllmApiException>(() => client.Responses.CreateAsync("Hello", cancellationToken: Token));
        var streamed = await Should.ThrowAsync<VllmApiException>(() => client.Responses.StreamAsync("Hello", cancellationToken: Token).ToListAsync(Token).AsTask());

        whole.Message.ShouldContain(words);
        streamed.Message.ShouldContain(words);
    }

    [Fact]
    public async Task A_stream_that_a_gateway_answers_with_one_body_is_one_event()
    {
        using var client = new ScriptedHandler().Answers(Recording.Load("responses-basic")).Client();

        var events = await client.Responses.StreamAsync("Hello", cancellationToken: Token).ToListAsync(Token);

        var only = events.ShouldHaveSingleItem();
        only.Type.ShouldBe("response.completed");
        only.Response!.Id.ShouldBe("resp_9eded18ce70fdb06");
        only.Response.Info.Timings.Closed.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Leaving_or_cancelling_a_stream_closes_the_connection(bool cancels)
    {
        await using var server = new ScriptedServer([ServerStep.Send((byte[])[.. HttpBytes.StreamHead, .. HttpBytes.Chunk(SseText.Event(Created)), .. HttpBytes.Chunk(SseText.Event(Delta))]), ServerStep.Hang]);
        using var client = server.Client();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var stream = client.Responses.StreamAsync("Hello", cancellationToken: cancel.Token).GetAsyncEnumerator(Token);
        await stream.MoveNextAsync();
        await stream.MoveNextAsync();

        if (cancels)
        {
            var waiting = stream.MoveNextAsync();
            await cancel.CancelAsync();
            (await Should.ThrowAsync<OperationCanceledException>(waiting.AsTask())).CancellationToken.ShouldBe(cancel.Token);
        }

        await stream.DisposeAsync();
        await server.WaitForCloseAsync(0, Token);
    }

    [Fact]
    public async Task A_stream_can_be_enumerated_once()
    {
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("responses-stream").Body)).Client();
        var stream = client.Responses.StreamAsync("Hello", cancellationToken: Token);
        await stream.LastAsync(Token);

        Should.Throw<InvalidOperationException>(() => stream.GetAsyncEnumerator(Token));
    }

    [Fact]
    public async Task Five_thousand_mutated_streams_and_bodies_end_and_throw_nothing_foreign()
    {
        var streamed = Recording.Load("responses-stream").Body;
        var whole = Recording.Load("responses-basic").Body;
        var random = new Random(5);
        byte[] body = [];
        using var streams = new ScriptedHandler().Streams(() => TrickleStream.SplitAt(body, random.Next(body.Length))).Client(options => options.MaxRetries = 0);
        using var answers = new ScriptedHandler().Answers(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) }).Client();

        for (var i = 0; i < 5_000; i++)
        {
            try
            {
                body = Mutations.Of(streamed, random);
                await streams.Responses.StreamAsync("Hello", cancellationToken: Token).CountAsync(Token);
                body = Mutations.Of(whole, random);
                (await answers.Responses.CreateAsync("Hello", cancellationToken: Token)).Text.ShouldNotBeNull();
            }
            catch (VllmException)
            {
                // The one allowed kind of failure.
            }
        }
    }

    static MemoryStream Stream(params string[] events) => new(Encoding.UTF8.GetBytes(string.Concat(events.Select(SseText.Event))));

    static async Task<List<string>> DescribeAsync(Func<Stream> body) =>
        [.. (await ReadAsync(body)).Select(one => string.Join('|', one.Type, one.Text, one.Delta, one.ItemId, one.OutputIndex, one.SequenceNumber, one.Response?.Id, one.Response?.Usage, one.Item?.Text, one.Raw.GetRawText()))];

    static async Task<List<ResponsesEvent>> ReadAsync(Func<Stream> body)
    {
        using var client = new ScriptedHandler().Streams(body).Client();
        return await client.Responses.StreamAsync("Hello", cancellationToken: Token).ToListAsync(Token);
    }
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>Calls to any path, and every recording that has no method of its own.</summary>
public class RawCallTests
{
    public static TheoryData<string, string> Bodies => new()
    {
        { "generate", """{"request_id":"generate-tokens-8a08278315354292","token_ids":[6717,3470,1840,7644],"total_tokens":6}""" },
        { "chat-render", """{"request_id":"chatcmpl-9580a2734cb55ddb","token_ids":[1,1522,201,2904,351,2,201,1,3739,443,842,201,8000,201,201,8001,201,201],"max_tokens":5}""" },
        { "chat-batch", """{"id":"chatcmpl-be7bf13840f13304","content":["formattedpathnamesuppressRU","FIFI cached"],"total_tokens":44}""" },
        { "completion-render", """{"request_id":"cmpl-9c8a76cc301f383c","token_ids":[2904,351],"max_tokens":5}""" },
        { "messages-anthropic", """{"id":"chatcmpl-bcf456717b5aa09a","thinking":"verify '_LENGuldIFbes","output_tokens":6}""" },
        { "pause", """{"status":"paused"}""" },
        { "resume", """{"status":"resumed"}""" },
        { "is-paused", """{"is_paused":true}""" },
        { "version", """{"version":"0.32.0"}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Json_comes_as_it_is(string name, string excerpt)
    {
        var recording = Recording.Load(name);
        await using var server = new ReplayServer(recording);
        using var client = server.Client(options => options.ApiKey = "k1");
        var (method, path) = Line(recording);

        var answer = await client.SendAsync(method, path, Body(recording), cancellationToken: TestContext.Current.CancellationToken);

        JsonElement.DeepEquals(answer, JsonDocument.Parse(recording.Body).RootElement).ShouldBeTrue();
        foreach (var (member, value) in JsonNode.Parse(excerpt)!.AsObject()) Find(answer, member).ShouldContain(found => Matches(found, value!), $"{member} in {answer}");
        server.Request.ShouldBeLike(name);
        server.Request.Headers["Authorization"].ShouldBe("Bearer k1");
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("health")]
    public async Task Nothing_is_an_undefined_value(string name)
    {
        await using var server = ReplayServer.Of(name);
        using var client = server.Client();

        var answer = await client.SendAsync(HttpMethod.Get, "/" + name, null, cancellationToken: TestContext.Current.CancellationToken);

        answer.ValueKind.ShouldBe(JsonValueKind.Undefined);
        server.Request.ShouldBeLike(name);
    }

    [Fact]
    public async Task A_text_without_a_type_is_a_string()
    {
        await using var server = ReplayServer.Of("lora-load");
        using var client = server.Client();

        var answer = await client.SendAsync(HttpMethod.Post, "v1/load_lora_adapter", Body(Recording.Load("lora-load")), cancellationToken: TestContext.Current.CancellationToken);

        answer.GetString().ShouldBe("Success: LoRA adapter 'ad1' added successfully.");
    }

    [Fact]
    public async Task A_text_is_a_string()
    {
        await using var server = ReplayServer.Of("metrics-idle");
        using var client = server.Client();

        var answer = await client.SendAsync(HttpMethod.Get, "/metrics", null, cancellationToken: TestContext.Current.CancellationToken);

        answer.GetString().ShouldHash(52749, "53696d52d182456b18fd35c9539a7613e46d229a1eb51323bd873c1ebb91bd77");
    }

    [Fact]
    public async Task The_servers_own_list_of_routes()
    {
        await using var server = ReplayServer.Of("openapi");
        using var client = server.Client();

        var answer = await client.SendAsync(HttpMethod.Get, "/openapi.json", null, cancellationToken: TestContext.Current.CancellationToken);

        answer.GetProperty("openapi").GetString().ShouldBe("3.1.0");
        answer.GetProperty("paths").EnumerateObject().Count().ShouldBe(23);
        answer.GetProperty("components").GetProperty("schemas").GetProperty("DetokenizeRequest").GetProperty("required")[0].GetString().ShouldBe("tokens");
        server.Request.ShouldBeLike("openapi");
    }

    [Fact]
    public async Task Events_come_as_they_are()
    {
        await using var server = ReplayServer.Of("generate-stream");
        using var client = server.Client();

        var events = await client.SendStreamAsync("/inference/v1/generate", Body(Recording.Load("generate-stream"))!, cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        events.Count.ShouldBe(3);
        events.SelectMany(one => one.GetProperty("choices").EnumerateArray()).SelectMany(choice => choice.GetProperty("token_ids").EnumerateArray()).Select(id => id.GetInt32())
            .ShouldBe([2401, 3943, 3876, 5582]);
        events[2].GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(4);
        server.Request.ShouldBeLike("generate-stream");
    }

    [Fact]
    public async Task A_stream_that_is_cut_anywhere_never_ends_as_if_it_were_whole()
    {
        var body = Recording.Load("generate-stream").Body;
        var cut = 0;
        using var client = new ScriptedHandler().Streams(() => new TrickleStream([BodyStep.Data(body.AsMemory(0, cut))])).Client();

        for (cut = 0; cut < body.Length - "\n\n".Length; cut++)
        {
            var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client));
            failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
        }
    }

    [Fact]
    public async Task A_stream_split_anywhere_gives_the_same_events()
    {
        var body = Recording.Load("generate-stream").Body;
        using var client = new ScriptedHandler().Streams(() => TrickleStream.ByteByByte(body)).Client();

        (await ReadAsync(client)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_error_in_the_stream_is_thrown_and_what_came_before_it_is_given()
    {
        using var client = Streaming(SseText.Text("Hi"), SseText.EngineDied, SseText.Done);
        var seen = 0;

        var failure = await Should.ThrowAsync<VllmStreamException>(async () =>
        {
            await foreach (var _ in client.SendStreamAsync("x", new JsonObject())) seen++;
        });

        seen.ShouldBe(1);
        failure.Reason.ShouldBe(VllmStreamFailure.ServerError);
        failure.Code.ShouldBe("500");
    }

    [Theory]
    [InlineData("""{"type":"error","code":"x","message":"No."}""")]
    [InlineData("""{"type":"response.failed","response":{"status":"failed","error":{"code":"x","message":"No."}}}""")]
    [InlineData("""{"error":"No."}""")]
    public async Task Errors_of_other_apis_are_errors(string json)
    {
        using var client = Streaming(SseText.Event(json), SseText.Done);

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client));

        failure.Reason.ShouldBe(VllmStreamFailure.ServerError);
        failure.Message.ShouldContain("No.");
    }

    [Fact]
    public async Task An_aborted_choice_is_no_answer()
    {
        using var client = Streaming(SseText.Text("Hi"), SseText.Finish("abort"), SseText.Done);

        (await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client))).Reason.ShouldBe(VllmStreamFailure.Aborted);
    }

    [Fact]
    public async Task An_event_that_is_no_json_is_malformed()
    {
        using var client = Streaming("data: {\n\n", SseText.Done);

        (await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client))).Reason.ShouldBe(VllmStreamFailure.Malformed);
    }

    [Theory]
    [InlineData("message_stop")]
    [InlineData("response.completed")]
    [InlineData("response.incomplete")]
    public async Task Streams_without_the_marker_end_with_their_last_event(string type)
    {
        using var client = Streaming($"event: {type}\n" + SseText.Event($$"""{"type":"{{type}}"}"""));

        (await ReadAsync(client)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_gateway_without_the_marker_is_accepted_once_every_choice_has_finished()
    {
        using var client = Streaming(options => options.RequireDone = false, SseText.Text("Hi"), SseText.Finish());
        using var unfinished = Streaming(options => options.RequireDone = false, SseText.Text("Hi"));

        (await ReadAsync(client)).Count.ShouldBe(2);
        (await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(unfinished))).Reason.ShouldBe(VllmStreamFailure.Truncated);
    }

    [Fact]
    public async Task A_whole_answer_to_a_streamed_request_is_one_event()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("ok")).Client();

        var events = await ReadAsync(client);

        events.ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe("chatcmpl-1");
    }

    [Fact]
    public async Task A_stream_can_be_read_once()
    {
        using var client = Streaming(SseText.Last("Hi"), SseText.Done);
        var stream = client.SendStreamAsync("x", new JsonObject(), cancellationToken: TestContext.Current.CancellationToken);

        await stream.ToListAsync(TestContext.Current.CancellationToken);

        await Should.ThrowAsync<InvalidOperationException>(async () => await stream.ToListAsync());
    }

    [Fact]
    public async Task Leaving_a_stream_closes_its_connection()
    {
        await using var server = ReplayServer.Of("chat-stream-cancelled");
        using var client = server.Client();

        await foreach (var _ in client.SendStreamAsync("/v1/chat/completions", new JsonObject(), cancellationToken: TestContext.Current.CancellationToken)) break;

        await server.WaitForCloseAsync(0, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Cancelling_a_stream_carries_the_token()
    {
        using var source = new CancellationTokenSource();
        using var client = new ScriptedHandler().Streams(BodyStep.Text(SseText.Text("Hi")), BodyStep.Hang()).Client();

        var failure = await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.SendStreamAsync("x", new JsonObject(), cancellationToken: source.Token)) await source.CancelAsync();
        });

        failure.CancellationToken.ShouldBe(source.Token);
    }

    [Theory]
    [InlineData("""{"error":{"message":"No.","code":500}}""", "No.")]
    [InlineData("""{"error":"No."}""", "No.")]
    [InlineData("""{"object":"error","message":"No."}""", "No.")]
    [InlineData("""{"object":"list","data":[]""", "JSON")]
    public async Task A_failure_behind_a_200_is_a_failure(string body, string words)
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, body).Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.SendAsync(HttpMethod.Get, "/x", null));

        failure.Message.ShouldContain(words);
    }

    [Fact]
    public async Task A_response_that_tells_of_an_old_error_is_an_answer()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, """{"object":"response","status":"failed","error":{"message":"No."}}""").Client();

        (await client.SendAsync(HttpMethod.Get, "/v1/responses/r", null, cancellationToken: TestContext.Current.CancellationToken)).GetProperty("status").GetString().ShouldBe("failed");
    }

    [Theory]
    [InlineData("text/html", "<html>")]
    [InlineData("application/octet-stream", "abc")]
    public async Task What_is_neither_json_nor_text_is_no_answer(string type, string body)
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, body, type).Client();

        (await Should.ThrowAsync<VllmApiException>(() => client.SendAsync(HttpMethod.Get, "/x", null))).Message.ShouldContain(type);
    }

    [Fact]
    public async Task Paths_keep_their_query_and_gain_the_extra_one_below_any_base()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, "{}");
        using var client = handler.Client(options => options.BaseUrl = new("http://gpu:8000/prefix/v1"));

        await client.SendAsync(HttpMethod.Get, "/a?b=c", null, new() { ExtraQuery = new Dictionary<string, string> { ["d"] = "e f" } }, TestContext.Current.CancellationToken);
        await client.SendAsync(HttpMethod.Get, "v1/models", null, cancellationToken: TestContext.Current.CancellationToken);

        handler.Requests.Select(request => request.Path).ShouldBe(["/prefix/a?b=c&d=e%20f", "/prefix/v1/models"]);
    }

    [Fact]
    public void What_cannot_be_sent_is_refused_at_once()
    {
        using var client = new ScriptedHandler().Client();

        Should.Throw<ArgumentException>(() => client.SendAsync(HttpMethod.Get, " ", null)).ParamName.ShouldBe("path");
        Should.Throw<ArgumentException>(() => client.SendAsync(HttpMethod.Get, "http://gpu/v1/models", null)).Message.ShouldContain("/v1/models");
        Should.Throw<ArgumentException>(() => client.SendAsync(HttpMethod.Get, "/a#b", null)).Message.ShouldContain("fragment");
        Should.Throw<ArgumentNullException>(() => client.SendAsync(null!, "/a", null));
        Should.Throw<ArgumentException>(() => client.SendAsync(HttpMethod.Post, "/a", new JsonObject { ["stream"] = true })).Message.ShouldContain("SendStreamAsync");
        Should.Throw<ArgumentException>(() => client.SendStreamAsync("/a", new JsonObject { ["stream"] = false })).Message.ShouldContain("SendAsync");
        Should.Throw<ArgumentNullException>(() => client.SendStreamAsync("/a", null!));
    }

    [Fact]
    public async Task The_body_of_a_stream_says_that_it_is_one_and_the_callers_is_left_alone()
    {
        var handler = new ScriptedHandler().Streams(BodyStep.Text(SseText.Done));
        using var client = handler.Client();
        var body = new JsonObject { ["a"] = 1 };

        await client.SendStreamAsync("x", body, cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        handler.Request.Text.ShouldBe("""{"a":1,"stream":true}""");
        body.ToJsonString().ShouldBe("""{"a":1}""");
    }

    static VllmClient Streaming(params string[] events) => Streaming(_ => { }, events);

    static VllmClient Streaming(Action<VllmClientOptions> configure, params string[] events) =>
        new ScriptedHandler().Streams(() => new TrickleStream([BodyStep.Text(string.Concat(events))])).Client(configure);

    static async Task<List<JsonElement>> ReadAsync(VllmClient client) => await client.SendStreamAsync("x", new JsonObject()).ToListAsync();

    static JsonNode? Body(Recording recording) => recording.RequestBody.Length == 0 ? null : JsonNode.Parse(recording.RequestBody);

    static (HttpMethod Method, string Path) Line(Recording recording)
    {
        var line = System.Text.Encoding.UTF8.GetString(recording.Request).Split("\r\n")[0].Split(' ');
        return (new HttpMethod(line[0]), line[1]);
    }

    static IEnumerable<JsonElement> Find(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => member.Name == name ? [member.Value] : Find(member.Value, name)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Find(item, name)),
        _ => [],
    };

    // A list also stands for the values found one by one.
    static bool Matches(JsonElement found, JsonNode expected) =>
        expected is JsonArray { Count: > 0 } list && list[0]!.GetValueKind() == JsonValueKind.String
            ? list.Any(one => found.GetString()!.Trim() == one!.GetValue<string>())
            : JsonNode.DeepEquals(JsonNode.Parse(found.GetRawText()), expected);
}

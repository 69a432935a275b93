using System.Net;
using System.Text;
using Microsoft.Extensions.AI;
using Vllm.Testing;
using AI = Microsoft.Extensions.AI;

namespace Vllm.Tests.ExtensionsAI;

/// <summary>What comes out of the adapter for what servers and gateways send.</summary>
public class ChatAnswerMappingTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"stop\"", "stop")]
    [InlineData("\"length\"", "length")]
    [InlineData("\"tool_calls\"", "tool_calls")]
    [InlineData("\"content_filter\"", "content_filter")]
    [InlineData("\"repetition\"", "repetition")]
    [InlineData("\"some new word\"", "some new word")]
    [InlineData("\"\"", null)]
    [InlineData("\" \"", null)]
    [InlineData("null", null)]
    public async Task Finish_reasons_known_unknown_empty_and_null_survive(string json, string? expected)
    {
        using var whole = new ScriptedHandler().Answers(HttpStatusCode.OK, $$$"""{"id":"a","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":{{{json}}}}]}""").Client();
        using var streaming = new ScriptedHandler().Streams(SseText.Role(), SseText.Chat($$$"""{"index":0,"delta":{"content":"x"},"finish_reason":{{{json}}}}"""), SseText.Done).Client(options => options.RequireFinishReason = false);

        var answer = await whole.AsIChatClient().GetResponseAsync("Hello", cancellationToken: Token);
        var folded = await FoldAsync(streaming);

        answer.FinishReason?.Value.ShouldBe(expected);
        folded.FinishReason?.Value.ShouldBe(expected);
        (answer.FinishReason is null).ShouldBe(expected is null);
        (folded.FinishReason is null).ShouldBe(expected is null);
        folded.Text.ShouldBe("x");
    }

    [Theory]
    [InlineData("\"reasoning\":\"think\"")]
    [InlineData("\"reasoning_content\":\"think\"")]
    [InlineData("\"reasoning\":\"think\",\"reasoning_content\":\"think\"")]
    public async Task Reasoning_comes_under_both_names_and_before_the_text_of_its_event(string member)
    {
        using var whole = new ScriptedHandler().Answers(HttpStatusCode.OK, $$$"""{"id":"a","choices":[{"index":0,"message":{"role":"assistant","content":"say",{{{member}}}},"finish_reason":"stop"}]}""").Client();
        using var streaming = new ScriptedHandler().Streams(SseText.Role(), SseText.Chat($$$"""{"index":0,"delta":{"content":"say",{{{member}}}},"finish_reason":"stop"}"""), SseText.Done).Client();

        var answer = await whole.AsIChatClient().GetResponseAsync("Hello", cancellationToken: Token);
        var folded = await FoldAsync(streaming);

        answer.Messages[0].Contents.Select(JsonTwin.Describe).ShouldBe(["reasoning 'think'", "text 'say'"]);
        folded.Messages[0].Contents.Select(JsonTwin.Describe).ShouldBe(["reasoning 'think'", "text 'say'"]);
    }

    [Fact]
    public async Task Pieces_of_calls_without_id_or_index_make_whole_calls()
    {
        using var client = new ScriptedHandler().Streams(
            SseText.Role(),
            SseText.Chat("""{"index":0,"delta":{"tool_calls":[{"function":{"name":"a","arguments":"{\"x\":"}}]}}"""),
            SseText.Chat("""{"index":0,"delta":{"tool_calls":[{"function":{"arguments":"1}"}}]}}"""),
            SseText.Chat("""{"index":0,"delta":{"tool_calls":[{"function":{"name":"b"}}]}}"""),
            SseText.Finish("tool_calls"), SseText.Done).Client();

        var response = await FoldAsync(client);

        var calls = response.Messages[0].Contents.Cast<FunctionCallContent>().ToList();
        calls.Select(call => call.Name).ShouldBe(["a", "b"]);
        calls[0].Arguments!["x"]!.ToString().ShouldBe("1");
        calls[1].Arguments.ShouldBeNull();
        calls[1].Exception.ShouldBeNull();
        calls.ShouldAllBe(call => call.CallId.StartsWith("call_", StringComparison.Ordinal) && call.CallId.Length == 21);
        calls[0].CallId.ShouldNotBe(calls[1].CallId);
    }

    [Theory]
    [InlineData("""{\"city\": \"Bo""")]
    [InlineData("5")]
    [InlineData("[1]")]
    [InlineData("Infinity")]
    public async Task Arguments_that_are_no_object_are_told_by_the_calls_exception(string arguments)
    {
        using var whole = new ScriptedHandler().Answers(HttpStatusCode.OK, $$$"""{"id":"a","choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{{{arguments}}}"}}]},"finish_reason":"length"}]}""").Client();
        using var streaming = new ScriptedHandler().Streams(
            SseText.Role(), SseText.Chat($$$"""{"index":0,"delta":{"tool_calls":[{"id":"c","index":0,"function":{"name":"f","arguments":"{{{arguments}}}"}}]}}"""), SseText.Finish("length"), SseText.Done).Client();

        var call = (await whole.AsIChatClient().GetResponseAsync("Hello", cancellationToken: Token)).Messages[0].Contents.ShouldHaveSingleItem().ShouldBeOfType<FunctionCallContent>();
        var streamed = (await FoldAsync(streaming)).Messages[0].Contents.ShouldHaveSingleItem().ShouldBeOfType<FunctionCallContent>();

        call.Exception.ShouldNotBeNull();
        streamed.Exception.ShouldNotBeNull();
        call.Arguments.ShouldBeNull();
        call.RawRepresentation.ShouldBeOfType<ToolCall>().Arguments.ShouldBe(arguments.Replace("\\\"", "\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Calls_come_even_if_the_stream_ends_without_a_finish_reason()
    {
        using var client = new ScriptedHandler().Streams(
            SseText.Role(), SseText.Chat("""{"index":0,"delta":{"tool_calls":[{"id":"c","index":0,"function":{"name":"f","arguments":"{}"}}]}}"""), SseText.Done).Client(options => options.RequireFinishReason = false);

        var response = await FoldAsync(client);

        response.Messages[0].Contents.ShouldHaveSingleItem().ShouldBeOfType<FunctionCallContent>().Name.ShouldBe("f");
        response.Messages[0].AdditionalProperties!.ContainsKey("request_id").ShouldBeTrue();
    }

    [Fact]
    public async Task A_refusal_is_an_error_content_and_goes_back_as_a_refusal()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, """{"id":"a","choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":"No."},"finish_reason":"stop"}]}""");
        using var client = handler.Client();
        using var streaming = new ScriptedHandler().Streams(
            SseText.Role(), SseText.Chat("""{"index":0,"delta":{"refusal":"N"}}"""), SseText.Chat("""{"index":0,"delta":{"refusal":"o."}}"""), SseText.Finish(), SseText.Done).Client();

        var answer = await client.AsIChatClient().GetResponseAsync("Hello", cancellationToken: Token);
        await client.AsIChatClient().GetResponseAsync([.. answer.Messages, new(AI.ChatRole.User, "Why?")], cancellationToken: Token);

        answer.Messages[0].Contents.Select(JsonTwin.Describe).ShouldBe(["error Refusal 'No.'"]);
        (await FoldAsync(streaming)).Messages[0].Contents.Select(JsonTwin.Describe).ShouldBe(["error Refusal 'No.'"]);
        handler.Requests[1].Json["messages"]![0]!.ToJsonString().ShouldBe("""{"role":"assistant","content":null,"refusal":"No."}""");
    }

    [Fact]
    public async Task Running_usage_is_told_once_at_the_end()
    {
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("chat-stream-interval-4").Body)).Client();

        var updates = await client.AsIChatClient().GetStreamingResponseAsync("Hello", cancellationToken: Token).ToListAsync(Token);

        updates.Count(update => update.Contents.Any(content => content is UsageContent)).ShouldBe(1);
        updates[^1].Contents.ShouldHaveSingleItem().ShouldBeOfType<UsageContent>();
    }

    [Fact]
    public async Task Only_the_first_choice_is_told_if_a_server_sends_several()
    {
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("chat-stream-n2").Body)).Client();
        using var native = new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("chat-stream-n2").Body)).Client();

        var folded = await FoldAsync(client);

        folded.Text.ShouldBe((await native.ChatStreamAsync("Hello", cancellationToken: Token).ToListAsync(Token)).TextOf());
    }

    [Fact]
    public async Task A_server_without_ids_gets_one_identity_per_stream()
    {
        using var client = new ScriptedHandler().Streams(
            SseText.Event("""{"choices":[{"index":0,"delta":{"content":"a"}}]}"""), SseText.Event("""{"id":"late","choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}]}"""), SseText.Done).Client();

        var updates = await client.AsIChatClient().GetStreamingResponseAsync("Hello", cancellationToken: Token).ToListAsync(Token);

        updates.Select(update => update.MessageId).Distinct().ShouldHaveSingleItem()!.Length.ShouldBe(32);
        updates.ToChatResponse().Messages.ShouldHaveSingleItem().Text.ShouldBe("ab");
    }

    [Fact]
    public async Task A_stream_cut_at_any_byte_throws_and_never_ends_normally()
    {
        var body = Recording.Load("chat-stream-tool-auto").Body;
        var marker = body.AsSpan().IndexOf("data: [DONE]"u8);

        for (var end = 0; end <= marker; end += 7)
        {
            using var client = new ScriptedHandler().Streams(() => new MemoryStream(body, 0, end)).Client();
            var failure = await Should.ThrowAsync<VllmStreamException>(() => FoldAsync(client), $"cut off at byte {end}");
            failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
        }
    }

    [Fact]
    public async Task Failures_are_the_clients_own_exceptions()
    {
        using var died = new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("chat-stream-engine-dies").Body)).Client();
        using var stopped = new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("chat-stream-server-stopped").Body)).Client();
        using var refused = new ScriptedHandler().Answers(Recording.Load("error-too-long")).Client();

        (await Should.ThrowAsync<VllmStreamException>(() => FoldAsync(died))).Reason.ShouldBe(VllmStreamFailure.ServerError);
        (await Should.ThrowAsync<VllmStreamException>(() => FoldAsync(stopped))).Reason.ShouldBe(VllmStreamFailure.Aborted);
        (await Should.ThrowAsync<VllmValidationException>(() => refused.AsIChatClient().GetResponseAsync("Hello", cancellationToken: Token))).IsContextLengthExceeded.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_throws_and_leaving_closes_the_connection(bool cancels)
    {
        await using var server = new ScriptedServer([ServerStep.Send((byte[])[.. HttpBytes.StreamHead, .. HttpBytes.Chunk(SseText.Role()), .. HttpBytes.Chunk(SseText.Text("a"))]), ServerStep.Hang]);
        using var client = server.Client();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var stream = client.AsIChatClient().GetStreamingResponseAsync("Hello", cancellationToken: cancel.Token).GetAsyncEnumerator(cancel.Token);
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
    public async Task A_stream_sends_when_it_is_enumerated_and_only_once()
    {
        var handler = new ScriptedHandler().Streams(() => new MemoryStream(Encoding.UTF8.GetBytes(SseText.Role() + SseText.Last("a") + SseText.Done)));
        using var client = handler.Client();

        var stream = client.AsIChatClient().GetStreamingResponseAsync("Hello", cancellationToken: Token);
        handler.Requests.ShouldBeEmpty();
        await stream.ToListAsync(Token);

        await Should.ThrowAsync<InvalidOperationException>(() => stream.ToListAsync(Token).AsTask());
        handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public void Services_are_metadata_the_client_and_the_adapter_itself()
    {
        using var client = new ScriptedHandler().Client(options => options.DefaultModel = "default");
        var chat = client.AsIChatClient();

        var metadata = chat.GetRequiredService<ChatClientMetadata>();
        metadata.ProviderName.ShouldBe("vllm");
        metadata.ProviderUri.ShouldBe(new Uri("http://gpu:8000/"));
        metadata.DefaultModelId.ShouldBe("default");
        client.AsIChatClient("own").GetRequiredService<ChatClientMetadata>().DefaultModelId.ShouldBe("own");
        chat.GetService<IVllmClient>().ShouldBeSameAs(client);
        chat.GetService<VllmClient>().ShouldBeSameAs(client);
        chat.GetService<IChatClient>().ShouldBeSameAs(chat);
        chat.GetService<string>().ShouldBeNull();
        chat.GetService<IVllmClient>("key").ShouldBeNull();
    }

    [Fact]
    public async Task Disposing_the_adapter_leaves_the_client_alive()
    {
        using var client = new ScriptedHandler().Answers(Recording.Load("chat-basic")).Client();
        client.AsIChatClient().Dispose();

        (await client.ChatAsync("Hello", cancellationToken: Token)).Text.ShouldNotBeEmpty();
    }

    static Task<ChatResponse> FoldAsync(VllmClient client) => client.AsIChatClient().GetStreamingResponseAsync("Hello", cancellationToken: Token).ToChatResponseAsync(Token);
}

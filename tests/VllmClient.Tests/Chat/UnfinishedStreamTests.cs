using Microsoft.Extensions.AI;
using Vllm.Testing;
using Vllm.Tests.Telemetry;

namespace Vllm.Tests.Chat;

/// <summary><c>[DONE]</c> alone does not make an answer whole: a gateway whose upstream died sends it too.</summary>
public class UnfinishedStreamTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string[]> Unfinished => new()
    {
        { [SseText.Role(), SseText.Text("ab"), SseText.Done] },
        { [SseText.Role(), SseText.Text("ab"), SseText.Usage(1, 2), SseText.Done] },
        { [SseText.Role(0), SseText.Role(1), SseText.Last("ab"), SseText.Done] },
        { [SseText.Last("ab"), SseText.Text("c", 1), SseText.Done] },
        { [SseText.Text("ab"), SseText.Chat("""{"index":0,"delta":{},"finish_reason":null}"""), SseText.Done] },
    };

    public static TheoryData<string[]> Finished => new()
    {
        { [SseText.Role(), SseText.Text("ab"), SseText.Finish(), SseText.Done] },
        { [SseText.Last("ab"), SseText.Text("c", 1), SseText.Finish("stop", 1), SseText.Usage(1, 2), SseText.Done] },
        { [SseText.Last("ab"), SseText.Chat("""{"index":0,"delta":{},"finish_reason":null}"""), SseText.Done] },
        { [SseText.Last("ab"), SseText.Chat("""{"index":1,"delta":{}}"""), SseText.Done] },
        { [SseText.Chat("""{"index":0,"delta":{"content":"ab"},"finish_reason":""}"""), SseText.Done] },
    };

    [Theory]
    [MemberData(nameof(Unfinished), DisableDiscoveryEnumeration = true)]
    public async Task A_stream_is_truncated_whose_choices_have_not_all_said_why_they_ended(string[] events)
    {
        using var client = Streaming(events);

        foreach (var options in new[] { null, new VllmRequestOptions { DiscardText = true } })
        {
            var failure = await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi", options).ToResultAsync());

            failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
            failure.Message.ShouldContain("finish reason");
            failure.Message.ShouldContain(nameof(VllmClientOptions.RequireFinishReason));
            if (options is null) failure.PartialText.ShouldBe("ab");
        }
    }

    [Theory]
    [MemberData(nameof(Finished), DisableDiscoveryEnumeration = true)]
    public async Task A_stream_is_whole_whose_choices_have_all_said_why_they_ended(string[] events)
    {
        using var client = Streaming(events);

        (await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token)).Text.ShouldBe("ab");
    }

    [Fact]
    public async Task A_stream_of_nothing_but_the_marker_is_truncated()
    {
        using var bare = Streaming(SseText.Done);
        using var unterminated = Streaming("data: [DONE]");
        using var counted = Streaming(SseText.Usage(1, 0), SseText.Done);
        using var silent = Streaming("""data: {"choices":[{"index":0,"delta":{}}]}""" + "\n\n", SseText.Done);

        foreach (var client in new[] { bare, unterminated, counted, silent })
            (await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToResultAsync())).Reason.ShouldBe(VllmStreamFailure.Truncated);
    }

    [Fact]
    public async Task A_completion_is_truncated_that_has_not_said_why_it_ended()
    {
        using var client = Streaming(SseText.Completion("ab"), SseText.Done);
        using var whole = Streaming(SseText.Completion("ab"), SseText.Completion("", "stop"), SseText.Done);

        var failure = await Should.ThrowAsync<VllmStreamException>(() => client.CompleteStreamAsync("Hi").ToResultAsync());

        failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
        failure.PartialText.ShouldBe("ab");
        (await whole.CompleteStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token)).Text.ShouldBe("ab");
    }

    [Fact]
    public async Task A_completion_choice_that_has_only_an_empty_text_so_far_has_begun()
    {
        using var client = Streaming(
            """data: {"choices":[{"index":1,"text":"","finish_reason":null},{"index":0,"text":"ab","finish_reason":"stop"}]}""" + "\n\n", SseText.Done);

        foreach (var options in new[] { null, new VllmRequestOptions { DiscardText = true } })
            (await Should.ThrowAsync<VllmStreamException>(() => client.CompleteStreamAsync("Hi", options).ToResultAsync())).Reason.ShouldBe(VllmStreamFailure.Truncated);
    }

    [Fact]
    public async Task The_adapter_throws_too()
    {
        using var client = Streaming(SseText.Role(), SseText.Text("ab"), SseText.Done);
        var text = "";

        var failure = await Should.ThrowAsync<VllmStreamException>(async () =>
        {
            await foreach (var update in client.AsIChatClient().GetStreamingResponseAsync("Hi")) text += update.Text;
        });

        failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
        text.ShouldBe("ab");
    }

    [Fact]
    public async Task Any_other_stream_is_truncated_if_it_has_choices_that_have_not_ended()
    {
        using var client = Streaming(SseText.Text("ab"), SseText.Done);
        using var whole = Streaming(SseText.Last("ab"), SseText.Done);
        using var other = Streaming(SseText.Event("""{"tokens":[1]}"""), SseText.Done);

        (await Should.ThrowAsync<VllmStreamException>(async () => await client.SendStreamAsync("x", new System.Text.Json.Nodes.JsonObject()).ToListAsync())).Reason.ShouldBe(VllmStreamFailure.Truncated);
        (await whole.SendStreamAsync("x", new System.Text.Json.Nodes.JsonObject(), cancellationToken: Token).ToListAsync(Token)).Count.ShouldBe(1);
        (await other.SendStreamAsync("x", new System.Text.Json.Nodes.JsonObject(), cancellationToken: Token).ToListAsync(Token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_is_measured_as_truncated()
    {
        using var measured = new MeasuredClient();
        using var client = new ScriptedHandler().Streams(SseText.Text("ab"), SseText.Done).Client(services: new() { MeterFactory = measured.MeterFactory });

        await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToResultAsync());

        measured.Of("gen_ai.client.operation.duration").ShouldHaveSingleItem()["error.type"].ShouldBe("stream_truncated");
    }

    [Theory]
    [MemberData(nameof(Unfinished), DisableDiscoveryEnumeration = true)]
    public async Task Without_RequireFinishReason_the_marker_is_enough(string[] events)
    {
        using var client = new ScriptedHandler().Streams([.. events.Select(BodyStep.Text)]).Client(options => options.RequireFinishReason = false);

        (await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token)).Text.ShouldBe("ab");
        (await client.SendStreamAsync("x", new System.Text.Json.Nodes.JsonObject(), cancellationToken: Token).ToListAsync(Token)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Without_RequireFinishReason_an_end_without_the_marker_is_still_truncated()
    {
        using var client = new ScriptedHandler().Streams(SseText.Text("ab")).Client(options => (options.RequireFinishReason, options.RequireDone) = (false, false));

        (await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToResultAsync())).Reason.ShouldBe(VllmStreamFailure.Truncated);
    }

    [Theory]
    [InlineData("event: error\ndata: {\"message\":\"gone\",\"code\":503}\n\n", "gone", "503")]
    [InlineData("event:error\ndata: {\"error\":{\"message\":\"gone\",\"code\":\"x\"}}\n\n", "gone", "x")]
    [InlineData("data: {\"detail\":\"gone\"}\nevent: error\n\n", "gone", null)]
    [InlineData("event: error\r\ndata: upstream died\r\n\r\n", "upstream died", null)]
    [InlineData("event: error\ndata: {\"choices\":[]}\n\n", "{\"choices\":[]}", null)]
    [InlineData("event: error\n\n", null, null)]
    public async Task An_event_named_error_is_an_error_of_the_server_whatever_it_holds(string sse, string? message, string? code)
    {
        using var client = Streaming(SseText.Last("ab"), sse, SseText.Done);
        using var other = Streaming(sse, SseText.Done);

        var failure = await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToResultAsync());
        var raw = await Should.ThrowAsync<VllmStreamException>(async () => await other.SendStreamAsync("x", new System.Text.Json.Nodes.JsonObject()).ToListAsync());
        var response = await Should.ThrowAsync<VllmStreamException>(async () => await other.Responses.StreamAsync("Hi").ToListAsync());

        failure.PartialText.ShouldBe("ab");
        foreach (var one in new[] { failure, raw, response })
        {
            one.Reason.ShouldBe(VllmStreamFailure.ServerError);
            one.ServerMessage.ShouldBe(message);
            one.Code.ShouldBe(code);
            one.IsOverloaded.ShouldBe(code == "503");
        }
    }

    [Theory]
    [InlineData("event: errors\n")]
    [InlineData("event: message\n")]
    [InlineData("event\n")]
    [InlineData("events: error\n")]
    [InlineData("event: error\nevent: message\n")]
    [InlineData(": event: error\n")]
    [InlineData("event: error\r\nevent:\r\n")]
    public async Task An_event_of_another_name_is_none(string name)
    {
        using var client = Streaming(SseText.Role(), name + SseText.Last("ab"), SseText.Done);

        (await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token)).Text.ShouldBe("ab");
    }

    static VllmClient Streaming(params string[] events) => new ScriptedHandler().Streams([.. events.Select(BodyStep.Text)]).Client();
}

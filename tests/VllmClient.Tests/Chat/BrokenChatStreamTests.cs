using Vllm.Testing;

namespace Vllm.Tests.Chat;

/// <summary>Recorded streams that are no complete answer, whatever their status says.</summary>
public class BrokenChatStreamTests
{
    [Fact]
    public async Task An_engine_that_dies_is_an_error_in_the_stream()
    {
        await using var server = ReplayServer.Of("chat-stream-engine-dies");
        using var client = server.Client();
        var updates = new List<ChatUpdate>();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, updates));

        failure.Reason.ShouldBe(VllmStreamFailure.ServerError);
        failure.Code.ShouldBe("500");
        (failure.ErrorType?.Value).ShouldBe("InternalServerError");
        failure.ServerMessage.ShouldBe("EngineCore encountered an issue. See stack trace (above) for the root cause.");
        failure.IsOverloaded.ShouldBeFalse();
        failure.Attempts.ShouldBe(1);
        failure.PartialText.ShouldHash(304, "076281221a573001129c8f267fd5201400be75ac2052fa4725f08860989f29d1");
        var partial = failure.PartialResult.ShouldBeOfType<ChatResult>();
        partial.Id.ShouldBe("chatcmpl-a47124c6d7d4d12d");
        partial.Model.ShouldBe("tiny");
        partial.FinishReason.ShouldBeNull();
        partial.Usage!.CompletionTokens.ShouldBe(61);
        updates.Count(update => update.IsContent).ShouldBe(16);
        updates.TextOf().ShouldBe(failure.PartialText);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_told_to_stop_gives_up_the_answer()
    {
        await using var server = ReplayServer.Of("chat-stream-server-stopped");
        using var client = server.Client();
        var updates = new List<ChatUpdate>();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, updates));

        failure.Reason.ShouldBe(VllmStreamFailure.Aborted);
        failure.PartialText.ShouldHash(117, "1cd22c17617602c30bb7c532138199fac334bb73a1e2c35d9f2802101fbd0d70");
        failure.PartialResult.ShouldBeOfType<ChatResult>().Id.ShouldBe("chatcmpl-84a7ec2a49825804");
        updates.Count(update => update.IsContent).ShouldBe(27);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_killed_leaves_a_truncated_stream()
    {
        await using var server = ReplayServer.Of("chat-stream-server-killed");
        using var client = server.Client();
        var updates = new List<ChatUpdate>();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, updates));

        failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
        failure.PartialText.ShouldHash(124, "dda3f3b92c0260d18346ab30ffa84eb507db4a401904068cb85c58ba3aa4b844");
        updates.Count(update => update.IsContent).ShouldBe(26);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_full_queue_found_after_the_200_is_an_overload_and_asked_once()
    {
        await using var server = ReplayServer.Of("chat-stream-queue-full-late");
        using var client = server.Client();
        var updates = new List<ChatUpdate>();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, updates));

        failure.Reason.ShouldBe(VllmStreamFailure.ServerError);
        failure.Code.ShouldBe("503");
        (failure.ErrorType?.Value).ShouldBe("Service Unavailable");
        failure.IsOverloaded.ShouldBeTrue();
        failure.Attempts.ShouldBe(1);
        failure.PartialText.ShouldBeNullOrEmpty();
        updates.ShouldBeEmpty();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_abort_in_a_JSON_answer_is_no_success_either()
    {
        var handler = new ScriptedHandler().Answers(System.Net.HttpStatusCode.OK, SseText.ChatAnswer("half an ans", "abort"));
        using var client = handler.Client();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => client.ChatAsync("Hello", cancellationToken: TestContext.Current.CancellationToken));

        failure.Reason.ShouldBe(VllmStreamFailure.Aborted);
        failure.PartialText.ShouldBe("half an ans");
        handler.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(5, "abcd")]
    public async Task An_error_event_throws_with_the_text_before_it(int position, string text)
    {
        string[] events = [SseText.Role(), SseText.Text("a"), SseText.Text("b"), SseText.Text("c"), SseText.Text("d"), SseText.Last("e")];
        var handler = new ScriptedHandler().Streams([.. events.Take(position).Append(SseText.EngineDied).Append(SseText.Done).Select(BodyStep.Text)]);
        using var client = handler.Client();
        var updates = new List<ChatUpdate>();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, updates));

        failure.Reason.ShouldBe(VllmStreamFailure.ServerError);
        failure.Code.ShouldBe("500");
        (failure.PartialText ?? "").ShouldBe(text);
        updates.TextOf().ShouldBe(text);
    }

    [Theory]
    [InlineData("""{"error": "the model is gone"}""", null, "the model is gone")]
    [InlineData("""{"error": {"message": "no", "code": "overloaded"}}""", "overloaded", "no")]
    [InlineData("""{"id":"x","choices":[{"index":0,"delta":{"content":"z"}}],"error":{"message":"no","code":503}}""", "503", "no")]
    public async Task An_error_event_may_have_any_shape_and_beats_choices(string json, string? code, string message)
    {
        using var client = new ScriptedHandler().Streams(SseText.Role(), SseText.Event(json), SseText.Done).Client();
        var updates = new List<ChatUpdate>();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, updates));

        failure.Reason.ShouldBe(VllmStreamFailure.ServerError);
        failure.Code.ShouldBe(code);
        failure.ServerMessage.ShouldBe(message);
        updates.TextOf().ShouldBe("");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_cut_before_its_marker_is_truncated_whether_it_had_finished_or_not(bool finished)
    {
        var end = finished ? SseText.Last("c") : SseText.Text("c");
        using var client = new ScriptedHandler().Streams(SseText.Role(), SseText.Text("ab"), end).Client();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, []));

        failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
        failure.PartialText.ShouldBe("abc");
    }

    [Fact]
    public async Task Without_RequireDone_a_stream_is_whole_once_every_choice_has_finished()
    {
        using var client = new ScriptedHandler().Streams(SseText.Role(), SseText.Text("ab"), SseText.Last("c")).Client(options => options.RequireDone = false);
        var updates = new List<ChatUpdate>();

        await ReadAsync(client, updates);

        updates.TextOf().ShouldBe("abc");
    }

    [Fact]
    public async Task Without_RequireDone_a_choice_that_has_not_finished_is_still_truncated()
    {
        using var client = new ScriptedHandler().Streams(SseText.Role(0), SseText.Role(1), SseText.Text("b", 1), SseText.Last("a")).Client(options => options.RequireDone = false);

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, []));

        failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_mid_stream_is_a_truncated_stream_with_its_cause()
    {
        var cause = new IOException("reset by peer");
        using var client = new ScriptedHandler().Streams(SseText.Role(), SseText.Text("ab"), BodyStep.Fail(cause)).Client();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, []));

        failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
        failure.PartialText.ShouldBe("ab");
        failure.InnerException.ShouldBe(cause);
    }

    [Fact]
    public async Task An_event_that_is_no_JSON_is_malformed()
    {
        using var client = new ScriptedHandler().Streams(SseText.Role(), SseText.Text("ab"), "data: {\"id\":\n\n", SseText.Done).Client();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, []));

        failure.Reason.ShouldBe(VllmStreamFailure.Malformed);
        failure.PartialText.ShouldBe("ab");
    }

    static async Task ReadAsync(VllmClient client, List<ChatUpdate> updates)
    {
        await foreach (var update in client.ChatStreamAsync("Hello", cancellationToken: TestContext.Current.CancellationToken)) updates.Add(update);
    }
}

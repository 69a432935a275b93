using System.Text.Json;
using Vllm.Testing;

namespace Vllm.Tests.Responses;

/// <summary>Recorded exchanges of the Responses API of a real vLLM 0.32.0; expected values are read off the recordings.</summary>
public class RecordedResponsesTests
{
    const string Streamed = " linesep keeps checked packageCalstop parameterTextIOWrapper payloadDR \u2026STRE";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Basic()
    {
        await using var server = ReplayServer.Of("responses-basic");
        using var client = server.Client();

        var result = await client.Responses.CreateAsync(new() { Model = "tiny", Input = "Hello", MaxOutputTokens = 12 }, cancellationToken: Token);

        result.Id.ShouldBe("resp_9eded18ce70fdb06");
        result.Model.ShouldBe("tiny");
        result.Created.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795492932));
        result.Status.ShouldBe(ResponsesStatus.Incomplete);
        result.IncompleteReason.ShouldBe("max_output_tokens");
        result.ErrorCode.ShouldBeNull();
        result.ErrorMessage.ShouldBeNull();
        result.PreviousResponseId.ShouldBeNull();
        result.Text.ShouldBe("");
        result.ToString().ShouldBe("");
        result.Reasoning.ShouldBe("ABCMeta IMAP Meter SOCK packagemax range\uFFFDlished okBytesIO remo");
        result.FunctionCalls.ShouldBeEmpty();
        result.Usage.ShouldBe(new Usage { PromptTokens = 12, CompletionTokens = 12, TotalTokens = 24, CachedTokens = 0, CreatedCacheTokens = 0, ReasoningTokens = 12 });
        var item = result.Output.ShouldHaveSingleItem();
        item.Id.ShouldBe("rs_91aa5fe9ec2d5a5c");
        item.Type.ShouldBe("reasoning");
        item.Status.ShouldBeNull();
        item.Role.ShouldBeNull();
        item.Summary.ShouldBeEmpty();
        item.Content.ShouldHaveSingleItem().Type.ShouldBe("reasoning_text");
        item.Json!.Value.GetProperty("encrypted_content").ValueKind.ShouldBe(JsonValueKind.Null);
        result.Raw.GetProperty("truncation").GetString().ShouldBe("disabled");
        result.Raw.GetProperty("parallel_tool_calls").GetBoolean().ShouldBeTrue();
        result.Info.StatusCode.ShouldBe(200);
        result.Info.Headers["x-request-id"].ShouldBe("69d2901ab13a46b984a698c6e32e1b86");
        result.Info.Timings.Closed.ShouldNotBeNull();
        server.Request.Method.ShouldBe("POST");
        server.Request.Path.ShouldBe("/v1/responses");
        server.Request.Json.ToJsonString().ShouldBe("""{"model":"tiny","input":"Hello","max_output_tokens":12}""");
    }

    [Fact]
    public async Task Stream()
    {
        await using var server = ReplayServer.Of("responses-stream");
        using var client = server.Client();

        var events = await client.Responses.StreamAsync(new() { Model = "tiny", Input = "Hello", MaxOutputTokens = 12 }, cancellationToken: Token).ToListAsync(Token);

        events.Count.ShouldBe(18);
        events.Select(one => one.SequenceNumber).ShouldBe(Enumerable.Range(0, 18).Select(number => (int?)number));
        events.Select(one => one.Type).Distinct().ShouldBe([
            "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.reasoning_text.delta",
            "response.reasoning_text.done", "response.content_part.done", "response.output_item.done", "response.completed"]);
        events.Where(one => one.Type == ResponsesEvent.ReasoningDelta).Select(one => one.Delta).ShouldBe(
            [" linesep", " keeps checked package", "Cal", "stop", " parameter", "TextIOWrapper", " payload", "DR", " \u2026", "STRE"]);
        events.Where(one => one.Type == ResponsesEvent.ReasoningDelta).ShouldAllBe(one => one.ItemId == "rs_b98ef4565292b44b" && one.OutputIndex == 0 && one.Text == null && one.Response == null);
        events[0].Response!.Status.ShouldBe(ResponsesStatus.InProgress);
        events[0].Response!.Usage.ShouldBeNull();
        events[0].OutputIndex.ShouldBeNull();
        events[0].ItemId.ShouldBeNull();
        events[2].Item!.Status.ShouldBe(ResponsesStatus.InProgress);
        events[14].Type.ShouldBe("response.reasoning_text.done");
        events[14].Text.ShouldBe(Streamed);
        events[15].Raw.GetProperty("part").GetProperty("type").GetString().ShouldBe("reasoning_text");
        events[16].Item!.Text.ShouldBe(Streamed);
        events[16].Item!.Status.ShouldBe(ResponsesStatus.Completed);
        server.Request.Json.ToJsonString().ShouldBe("""{"model":"tiny","input":"Hello","max_output_tokens":12,"stream":true}""");
    }

    [Fact]
    public async Task The_last_event_of_a_stream_holds_the_whole_response_and_how_the_call_went()
    {
        await using var server = ReplayServer.Of("responses-stream");
        using var client = server.Client();

        var last = await client.Responses.StreamAsync("Hello", cancellationToken: Token).LastAsync(Token);

        last.Type.ShouldBe("response.completed");
        var response = last.Response.ShouldNotBeNull();
        response.Id.ShouldBe("resp_9ef5340394bb3721");
        response.Status.ShouldBe(ResponsesStatus.Incomplete);
        response.IncompleteReason.ShouldBe("max_output_tokens");
        response.Reasoning.ShouldBe(Streamed);
        response.Text.ShouldBe("");
        response.Usage.ShouldBe(new Usage { PromptTokens = 12, CompletionTokens = 12, TotalTokens = 24, CachedTokens = 0, CreatedCacheTokens = 0, ReasoningTokens = 12 });
        response.Info.StatusCode.ShouldBe(200);
        var timings = response.Info.Timings;
        TimeSpan?[] moments = [timings.Sent, timings.Headers, timings.FirstEvent, timings.FirstContent, timings.LastContent, timings.Closed];
        moments.ShouldAllBe(moment => moment != null);
        moments.ShouldBeInOrder();
        timings.FirstVisible.ShouldBeNull();
    }

    [Fact]
    public async Task Get_of_an_unknown_id()
    {
        await using var server = ReplayServer.Of("responses-get-missing");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.Responses.GetAsync("resp_nope", cancellationToken: Token));

        failure.StatusCode.ShouldBe(404);
        failure.ErrorType.ShouldBe(new ErrorType("invalid_request_error"));
        failure.Param.ShouldBe("response_id");
        failure.Code.ShouldBe("404");
        failure.ServerMessage.ShouldBe("Response with id 'resp_nope' not found.");
        failure.IsModelNotFound.ShouldBeFalse();
        failure.IsUnsupported.ShouldBeFalse();
        server.Request.Method.ShouldBe("GET");
        server.Request.Path.ShouldBe("/v1/responses/resp_nope");
    }

    [Fact]
    public async Task Connections_are_reused_after_a_stream()
    {
        await using var server = ReplayServer.Of("responses-stream", "responses-stream", "responses-basic");
        using var client = server.Client();

        await client.Responses.StreamAsync("Hello", cancellationToken: Token).LastAsync(Token);
        await client.Responses.StreamAsync("Hello", cancellationToken: Token).LastAsync(Token);
        await client.Responses.CreateAsync("Hello", cancellationToken: Token);

        server.Connections.ShouldBe(1);
    }
}

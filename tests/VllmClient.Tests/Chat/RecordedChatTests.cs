using Vllm.Testing;

namespace Vllm.Tests.Chat;

/// <summary>Recorded JSON answers of a real vLLM 0.32.0; expected values are read off the recordings.</summary>
public class RecordedChatTests
{
    [Fact]
    public async Task Basic()
    {
        await using var server = ReplayServer.Of("chat-basic");
        using var client = server.Client();

        var result = await client.ChatAsync(new() { Model = "tiny", Messages = ["Hello"], MaxTokens = 12 }, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("chatcmpl-a650eaa9fb1be623");
        result.Model.ShouldBe("tiny");
        result.Created.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795492922));
        result.Text.ShouldBe("roupedcomment Client ClientssibleEXoci functionricSED% Ap");
        result.Reasoning.ShouldBeNull();
        result.ToolCalls.ShouldBeEmpty();
        result.Message!.Role.ShouldBe(ChatRole.Assistant);
        result.FinishReason.ShouldBe(FinishReason.Length);
        var choice = result.Choices.ShouldHaveSingleItem();
        choice.Index.ShouldBe(0);
        choice.StopReason.ShouldBeNull();
        choice.TokenIds.ShouldBeNull();
        choice.Logprobs.ShouldBeNull();
        result.SystemFingerprint.ShouldBe("vllm-0.32.0-60e22718");
        result.Usage.ShouldBe(new Usage { PromptTokens = 18, CompletionTokens = 12, TotalTokens = 30, CachedTokens = 0, CreatedCacheTokens = 0, ReasoningTokens = 0 });
        result.ServerTiming.ShouldBeNull();
        result.PromptTokenIds.ShouldBeNull();
        result.PromptLogprobs.ShouldBeNull();
        result.ToString().ShouldBe(result.Text);
    }

    [Fact]
    public async Task Info_says_how_the_call_went()
    {
        await using var server = ReplayServer.Of("chat-basic");
        using var client = server.Client();

        var result = await client.ChatAsync("Hello", cancellationToken: TestContext.Current.CancellationToken);

        result.Info.Attempts.ShouldBe(1);
        result.Info.StatusCode.ShouldBe(200);
        result.Info.Endpoint.ShouldBe(new Uri(server.Url, "/v1/chat/completions"));
        result.Info.Headers["X-Request-ID"].ShouldBe("f83b08ea6d924fc2a228d20c9f61cfd4");
        result.Info.Headers["server"].ShouldBe("uvicorn");
        result.Info.Headers["content-length"].ShouldBe("818");
        result.Info.RequestId.Length.ShouldBe(32);
        result.Info.RequestId.ShouldBe(server.Request.Headers["X-Request-Id"]);
        var timings = result.Info.Timings;
        timings.Sent.ShouldNotBeNull();
        timings.Headers!.Value.ShouldBeGreaterThanOrEqualTo(timings.Sent.Value);
        timings.Closed!.Value.ShouldBeGreaterThanOrEqualTo(timings.Headers.Value);
        timings.FirstEvent.ShouldBeNull();
        timings.FirstContent.ShouldBeNull();
    }

    [Fact]
    public async Task No_model_is_named_in_the_request_if_none_is_known()
    {
        await using var server = ReplayServer.Of("chat-no-model");
        using var client = server.Client();

        var result = await client.ChatAsync(new() { Messages = ["Hi"], MaxTokens = 2 }, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("chatcmpl-aea7c063eee83c9a");
        result.Model.ShouldBe("tiny");
        result.Text.ShouldBe("abyl({");
        result.Usage!.CompletionTokens.ShouldBe(2);
        server.Request.Json.ContainsKey("model").ShouldBeFalse();
    }

    [Fact]
    public async Task A_request_id_of_the_caller_becomes_part_of_the_answers_id()
    {
        await using var server = ReplayServer.Of("chat-request-id");
        using var client = server.Client();

        var result = await client.ChatAsync("Hi", new() { RequestId = "order-42" }, TestContext.Current.CancellationToken);

        result.Id.ShouldBe("chatcmpl-order-42");
        result.Text.ShouldBe("sideredOpen");
        result.Info.RequestId.ShouldBe("order-42");
        result.Info.Headers["x-request-id"].ShouldBe("order-42");
        server.Request.Headers["X-Request-Id"].ShouldBe("order-42");
    }

    [Fact]
    public async Task Reasoning_then_content()
    {
        await using var server = ReplayServer.Of("chat-reasoning-then-content");
        using var client = server.Client();

        var result = await client.ChatAsync("Hello", cancellationToken: TestContext.Current.CancellationToken);

        result.Reasoning.ShouldBe("(\" designPyHASHcd ),sed\",\"al clean prog");
        result.Text.ShouldBe(" builtinsActionLD opening1010ED\uFFFDmaybeFHmittedidth ai");
        result.Usage.ShouldBe(new Usage { PromptTokens = 12, CompletionTokens = 24, TotalTokens = 36, ReasoningTokens = 11 });
        result.Info.Headers.ContainsKey("x-request-id").ShouldBeFalse();
    }

    [Fact]
    public async Task Reasoning_alone_leaves_the_text_empty()
    {
        await using var server = ReplayServer.Of("chat-reasoning-only");
        using var client = server.Client();

        var result = await client.ChatAsync("Hello", cancellationToken: TestContext.Current.CancellationToken);

        result.Message!.Content.ShouldBeNull();
        result.Text.ShouldBe("");
        result.Reasoning.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Tool_call_found_in_free_text()
    {
        await using var server = ReplayServer.Of("chat-tool-auto");
        using var client = server.Client();

        var result = await client.ChatAsync("Weather?", cancellationToken: TestContext.Current.CancellationToken);

        result.ToolCalls.ShouldHaveSingleItem().ShouldBe(new ToolCall
        {
            Id = "chatcmpl-tool-a7db9525888ff55e",
            Name = "get_weather",
            Arguments = """{"city": "Ros", "unit": "c"}""",
        });
        result.Message!.Content.ShouldBeNull();
        result.FinishReason.ShouldBe(FinishReason.ToolCalls);
        result.Choices[0].StopReason.ShouldBe(new StopReason(0));
        result.Usage.ShouldBe(new Usage { PromptTokens = 232, CompletionTokens = 56, TotalTokens = 288, CachedTokens = 128, CreatedCacheTokens = 0, ReasoningTokens = 0 });
    }

    [Fact]
    public async Task Stop_string_is_the_stop_reason()
    {
        await using var server = ReplayServer.Of("chat-stop-string");
        using var client = server.Client();

        var result = await client.ChatAsync(new() { Messages = ["Hi"], Stop = ["three"] }, cancellationToken: TestContext.Current.CancellationToken);

        result.Text.ShouldBe("one two ");
        result.FinishReason.ShouldBe(FinishReason.Stop);
        result.Choices[0].StopReason.ShouldBe(new StopReason("three"));
        server.Request.Json["stop"]!.AsArray().Select(stop => stop!.GetValue<string>()).ShouldBe(["three"]);
    }

    [Fact]
    public async Task Stop_token_is_the_stop_reason()
    {
        await using var server = ReplayServer.Of("chat-stop-token");
        using var client = server.Client();

        var result = await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        result.Message!.Content.ShouldBe("");
        result.FinishReason.ShouldBe(FinishReason.Stop);
        result.Choices[0].StopReason!.Value.TokenId.ShouldBe(3241);
        result.Choices[0].StopReason!.Value.Text.ShouldBeNull();
        result.Usage!.CompletionTokens.ShouldBe(1);
    }

    [Fact]
    public async Task Stop_reason_0_is_a_token_and_not_nothing()
    {
        await using var server = ReplayServer.Of("chat-regex-stop");
        using var client = server.Client();

        var result = await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        result.Text.ShouldBe("yes sir");
        result.FinishReason.ShouldBe(FinishReason.Stop);
        result.Choices[0].StopReason!.Value.TokenId.ShouldBe(0);
        result.Usage!.CompletionTokens.ShouldBe(6);
    }

    [Fact]
    public async Task Per_request_metrics_are_the_servers_timing()
    {
        await using var server = ReplayServer.Of("chat-per-request-metrics");
        using var client = server.Client();

        var result = await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        result.Text.ShouldBe(" Clientsideredator emul.* te");
        result.SystemFingerprint.ShouldBe("vllm-0.32.0-8524fc82");
        var timing = result.ServerTiming.ShouldNotBeNull();
        timing.TimeToFirstToken.ShouldBeMilliseconds(90.86647799995262);
        timing.GenerationTime.ShouldBeMilliseconds(38.53217899995798);
        timing.QueueTime.ShouldBeMilliseconds(0.030115000072328257);
        timing.MeanInterTokenLatency.ShouldBeMilliseconds(7.706435799991596);
        timing.TokensPerSecond.ShouldBe(46.36833286456864);
    }

    [Fact]
    public async Task Cached_tokens_are_told()
    {
        await using var server = ReplayServer.Of("chat-cache-warm");
        using var client = server.Client();

        var result = await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        result.Usage!.PromptTokens.ShouldBe(817);
        result.Usage.CachedTokens.ShouldBe(768);
    }

    [Fact]
    public async Task An_engine_that_dies_is_an_error_of_the_server_and_asked_once()
    {
        await using var server = ReplayServer.Of("chat-engine-dies");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.ChatAsync("Hello", cancellationToken: TestContext.Current.CancellationToken));

        failure.ShouldBeOfType<VllmApiException>();
        failure.StatusCode.ShouldBe(500);
        (failure.ErrorType?.Value).ShouldBe("InternalServerError");
        failure.Code.ShouldBe("500");
        failure.Param.ShouldBeNull();
        failure.ServerMessage.ShouldBe("EngineCore encountered an issue. See stack trace (above) for the root cause.");
        failure.Attempts.ShouldBe(1);
        failure.Endpoint.ShouldBe(new Uri(server.Url, "/v1/chat/completions"));
        failure.RequestId.ShouldBe(server.Request.Headers["X-Request-Id"]);
    }

    [Fact]
    public async Task A_server_that_is_killed_is_a_broken_connection_and_asked_once()
    {
        await using var server = ReplayServer.Of("chat-server-killed");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmConnectionException>(() => client.ChatAsync("Hello", cancellationToken: TestContext.Current.CancellationToken));

        failure.HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
        failure.BytesReceived.ShouldBe(0);
        failure.Attempts.ShouldBe(1);
        failure.PartialResult.ShouldBeNull();
        server.Requests.Count.ShouldBe(1);
    }
}

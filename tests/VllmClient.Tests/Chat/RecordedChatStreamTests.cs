using Vllm.Testing;

namespace Vllm.Tests.Chat;

/// <summary>Recorded streams of a real vLLM 0.32.0 that end well; expected values are read off the recordings.</summary>
public class RecordedChatStreamTests
{
    [Fact]
    public async Task Basic()
    {
        await using var server = ReplayServer.Of("chat-stream-basic");
        using var client = server.Client();

        var updates = await CollectAsync(client, new() { Model = "tiny", Messages = ["Hello"], MaxTokens = 12, IncludeUsage = false });

        updates.ShouldAllBe(update => update.ResponseId == "chatcmpl-b83b2f07f989b6b6" && update.Model == "tiny" && update.Index == 0);
        updates.ShouldAllBe(update => update.Created == DateTimeOffset.FromUnixTimeSeconds(1795492926));
        updates[0].Role.ShouldBe(ChatRole.Assistant);
        updates[0].IsContent.ShouldBeFalse();
        updates.Skip(1).ShouldAllBe(update => update.Role == null);
        updates.TextPieces().ShouldBe([" width", "system", "\uFFFD(", "EXTE", "external", "where", ")*", "QU", "m", "gn", "Telemetry"]);
        updates.Count(update => update.IsContent).ShouldBe(11);
        updates.Single(update => update.Text == "\uFFFD(").TextBytes.ShouldBe(4);
        updates.Sum(update => update.TextBytes).ShouldBe(49);
        var finish = updates.Single(update => update.FinishReason is not null);
        finish.Text.ShouldBe("Telemetry");
        finish.FinishReason.ShouldBe(FinishReason.Length);
        finish.StopReason.ShouldBeNull();
        finish.SystemFingerprint.ShouldBe("vllm-0.32.0-60e22718");
        updates.ShouldAllBe(update => update.Usage == null);
        updates.ShouldAllBe(update => update.EventsInRead >= 1 && update.ReceivedTimestamp != 0);
        server.Request.Json.ContainsKey("stream_options").ShouldBeFalse();
    }

    [Fact]
    public async Task All_updates_share_the_info_of_the_call_which_is_final_at_the_end()
    {
        await using var server = ReplayServer.Of("chat-stream-basic");
        using var client = server.Client();

        var updates = await CollectAsync(client, "Hello");

        var info = updates[^1].Info.ShouldNotBeNull();
        updates.ShouldAllBe(update => ReferenceEquals(update.Info, info));
        info.Attempts.ShouldBe(1);
        info.StatusCode.ShouldBe(200);
        info.Endpoint.ShouldBe(new Uri(server.Url, "/v1/chat/completions"));
        info.Headers["x-request-id"].ShouldBe("5a0bcdb9b94d49099dec169b118e49f1");
        info.RequestId.ShouldBe(server.Request.Headers["X-Request-Id"]);
        TimeSpan?[] moments = [info.Timings.Sent, info.Timings.Headers, info.Timings.FirstEvent, info.Timings.FirstContent, info.Timings.LastContent];
        moments.ShouldAllBe(moment => moment != null);
        moments.ShouldBeInOrder();
        info.Timings.FirstVisible.ShouldBe(info.Timings.FirstContent);
    }

    [Fact]
    public async Task With_usage()
    {
        await using var server = ReplayServer.Of("chat-stream-usage");
        using var client = server.Client();

        var updates = await CollectAsync(client, new() { Model = "tiny", Messages = ["Hello"], MaxTokens = 12 });

        updates.TextPieces().ShouldBe(["                                            ", " [])", " therefore", " package", " formatted", " email", "({", "tk", "HAVE", "super", "super", "Warning"]);
        updates.Count(update => update.IsContent).ShouldBe(12);
        updates.Single(update => update.FinishReason is not null).FinishReason.ShouldBe(FinishReason.Length);
        var usage = updates.Single(update => update.Usage is not null);
        usage.Usage.ShouldBe(new Usage { PromptTokens = 18, CompletionTokens = 12, TotalTokens = 30, CachedTokens = 0, CreatedCacheTokens = 0, ReasoningTokens = 0 });
        usage.SystemFingerprint.ShouldBe("vllm-0.32.0-60e22718");
        usage.IsContent.ShouldBeFalse();
        usage.ResponseId.ShouldBe("chatcmpl-ade1af7b915c1f97");
        server.Request.Json["stream_options"]!.ToJsonString().ShouldBe("""{"include_usage":true}""");
    }

    [Fact]
    public async Task Of_512_tokens()
    {
        await using var server = ReplayServer.Of("chat-stream-512");
        using var client = server.Client();

        var updates = await CollectAsync(client, "Tell me a story");

        updates.TextOf().ShouldHash(2527, "eb0d94f506cd6f064d64ae4e3336d79a015b358758ae80db933099d934f67516");
        updates.Count(update => update.IsContent).ShouldBe(493);
        updates.Sum(update => update.TextBytes).ShouldBe(2541);
        updates.Single(update => update.Usage is not null).Usage.ShouldBe(
            new Usage { PromptTokens = 22, CompletionTokens = 512, TotalTokens = 534, CachedTokens = 0, CreatedCacheTokens = 0, ReasoningTokens = 0 });
    }

    [Fact]
    public async Task Of_two_choices()
    {
        await using var server = ReplayServer.Of("chat-stream-n2");
        using var client = server.Client();

        var updates = await CollectAsync(client, new() { Messages = ["Hello"], N = 2, MaxTokens = 5 });

        updates.TextPieces(0).ShouldBe(["apshot", " cause", "clas", "WER", "FO"]);
        updates.TextPieces(1).ShouldBe(["rouped", "oci", "IO", "STRE", "QU"]);
        updates.Where(update => update.IsContent).Select(update => update.Index).ShouldBe([0, 0, 1, 0, 1, 0, 1, 0, 1, 1]);
        updates.Where(update => update.Role == ChatRole.Assistant).Select(update => update.Index).ShouldBe([0, 1]);
        updates.Where(update => update.FinishReason == FinishReason.Length).Select(update => update.Index).ShouldBe([0, 1]);
        updates.Single(update => update.Usage is not null).Usage!.CompletionTokens.ShouldBe(10);
        server.Request.Json["n"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Reasoning_then_content()
    {
        await using var server = ReplayServer.Of("chat-stream-reasoning-then-content");
        using var client = server.Client();

        var updates = await CollectAsync(client, "Hello");

        updates.ReasoningOf().ShouldBe("(\" designPyHASHcd ),sed\",\"al clean prog");
        updates.TextOf().ShouldBe(" builtinsActionLD opening1010ED\uFFFDmaybeFHmittedidth ai");
        updates.Count(update => update.Reasoning is { Length: > 0 }).ShouldBe(10);
        updates.Count(update => update.IsContent).ShouldBe(21);
        updates.Where(update => update.Reasoning is { Length: > 0 }).ShouldAllBe(update => update.IsContent && string.IsNullOrEmpty(update.Text));
        updates.Single(update => update.Usage is not null).Usage.ShouldBe(new Usage { PromptTokens = 12, CompletionTokens = 24, TotalTokens = 36, ReasoningTokens = 10 });
        var timings = updates[^1].Info!.Timings;
        timings.FirstVisible!.Value.ShouldBeGreaterThanOrEqualTo(timings.FirstContent!.Value);
    }

    [Fact]
    public async Task Three_required_tool_calls_whose_arguments_are_no_objects()
    {
        await using var server = ReplayServer.Of("chat-stream-tool-required");
        using var client = server.Client();

        var updates = await CollectAsync(client, "Weather?");

        var deltas = updates.SelectMany(update => update.ToolCalls).ToList();
        deltas.Where(delta => delta.Name is not null).ShouldBe([
            new ToolCallDelta { Index = 0, Id = "chatcmpl-tool-8cf4b3ec4d747304", Name = "get_time" },
            new ToolCallDelta { Index = 1, Id = "chatcmpl-tool-ac8f018c90f51951", Name = "get_weather" },
            new ToolCallDelta { Index = 2, Id = "chatcmpl-tool-a36d0c853777b384", Name = "get_time" },
        ]);
        Arguments(deltas, 0).ShouldBe("5888835755066123420012750017474276662200009955000000222250010107924200105859967505099995400000076161649999999964303066020254540404382714760000620006727277500");
        Arguments(deltas, 1).ShouldBe("70567856785678567865127549957380261414865034061922674");
        Arguments(deltas, 2).ShouldBe("\"- >>lel items fold relatedinit broken arraysorted')):cyrillicstream Trans UnsupportedOperationVMLDR Breakpoint BreakpointboseVersion");
        updates.TextOf().ShouldBe("");
        updates.Count(update => update.IsContent).ShouldBe(115);
        updates.Single(update => update.FinishReason is not null).FinishReason.ShouldBe(FinishReason.Length);
        updates.Single(update => update.Usage is not null).Usage!.CompletionTokens.ShouldBe(200);
    }

    [Fact]
    public async Task Two_parallel_tool_calls_after_text()
    {
        await using var server = ReplayServer.Of("chat-stream-tool-auto-two");
        using var client = server.Client();

        var updates = await CollectAsync(client, "Weather?");

        updates.TextPieces().ShouldBe(["o", "k", " "]);
        var deltas = updates.SelectMany(update => update.ToolCalls).ToList();
        deltas.Where(delta => delta.Id is not null).ShouldBe([
            new ToolCallDelta { Index = 0, Id = "chatcmpl-tool-abdafac8d7e81a31", Name = "get_weather" },
            new ToolCallDelta { Index = 1, Id = "chatcmpl-tool-a04552833bba60ec", Name = "get_time" },
        ]);
        Arguments(deltas, 0).ShouldBe("""{"city": "Sto", "unit": "c"}""");
        Arguments(deltas, 1).ShouldBe("""{"zone": "UTC"}""");
        updates.Count(update => update.IsContent).ShouldBe(29);
        updates.Single(update => update.FinishReason is not null).FinishReason.ShouldBe(FinishReason.ToolCalls);
    }

    [Fact]
    public async Task Chinese_characters_come_whole()
    {
        await using var server = ReplayServer.Of("chat-stream-chinese");
        using var client = server.Client();

        var updates = await CollectAsync(client, "介绍一下广义相对论");

        updates.TextPieces().ShouldBe(["嘚", "坻", "亠", "儝", "逦", "耦", "着", "垖", "予", "耦", "禬", "汬"]);
        updates.Count(update => update.IsContent).ShouldBe(12);
        updates.Where(update => update.IsContent).ShouldAllBe(update => update.TextBytes == 3);
        var finish = updates.Single(update => update.FinishReason is not null);
        finish.FinishReason.ShouldBe(FinishReason.Stop);
        finish.StopReason!.Value.TokenId.ShouldBe(0);
        finish.IsContent.ShouldBeFalse();
        updates.Single(update => update.Usage is not null).Usage!.CompletionTokens.ShouldBe(34);
        server.Request.Json["messages"]![0]!["content"]!.GetValue<string>().ShouldBe("介绍一下广义相对论");
    }

    [Fact]
    public async Task Stop_string_is_the_stop_reason()
    {
        await using var server = ReplayServer.Of("chat-stream-stop-string");
        using var client = server.Client();

        var updates = await CollectAsync(client, "Hi");

        updates.TextPieces().ShouldBe(["o", "n", "e", " two "]);
        var finish = updates.Single(update => update.FinishReason is not null);
        finish.FinishReason.ShouldBe(FinishReason.Stop);
        finish.StopReason.ShouldBe(new StopReason("three"));
        updates.Single(update => update.Usage is not null).Usage!.CompletionTokens.ShouldBe(6);
    }

    [Fact]
    public async Task Several_tokens_per_chunk_with_running_usage_and_server_timing()
    {
        await using var server = ReplayServer.Of("chat-stream-interval-4");
        using var client = server.Client();

        var updates = await CollectAsync(client, "Hello");

        updates.TextPieces().ShouldBe(["oci", "HFLOORrbhour", "hourscanHreport", "KEY Client Clientbro", "ilarledleddot", "dot divmod841111"]);
        updates.Where(update => update.IsContent).Select(update => update.Usage!.CompletionTokens).ShouldBe([1, 5, 9, 13, 17, 21]);
        updates[0].Usage.ShouldBe(new Usage { PromptTokens = 18, CompletionTokens = 0, TotalTokens = 18, ReasoningTokens = 0 });
        var last = updates.Last(update => update.Usage is not null);
        last.Usage.ShouldBe(new Usage { PromptTokens = 18, CompletionTokens = 21, TotalTokens = 39, CachedTokens = 0, CreatedCacheTokens = 0, ReasoningTokens = 0 });
        last.IsContent.ShouldBeFalse();
        last.SystemFingerprint.ShouldBe("vllm-0.32.0-8524fc82");
        var timing = updates.Single(update => update.ServerTiming is not null).ServerTiming!;
        timing.TimeToFirstToken.ShouldBeMilliseconds(7.351423000045543);
        timing.GenerationTime.ShouldBeMilliseconds(96.79397000013523);
        timing.QueueTime.ShouldBeMilliseconds(0.034089999871866894);
        timing.MeanInterTokenLatency.ShouldBeMilliseconds(4.839698500006762);
        timing.TokensPerSecond.ShouldBe(201.64118061337143);
    }

    [Fact]
    public async Task Several_tokens_per_chunk_with_their_ids()
    {
        await using var server = ReplayServer.Of("chat-stream-interval-4-ids");
        using var client = server.Client();

        var updates = await CollectAsync(client, new() { Messages = ["Hello"], ReturnTokenIds = true, ContinuousUsage = true });

        updates[0].PromptTokenIds.ShouldBe([1, 1522, 201, 2904, 351, 2, 201, 1, 3739, 443, 842, 201, 8000, 201, 201, 8001, 201, 201]);
        var content = updates.Where(update => update.IsContent).ToList();
        content.Select(update => update.TokenIds!.Count).ShouldBe([1, 4, 4, 4, 4, 4]);
        content[0].TokenIds.ShouldBe([5467]);
        content[5].TokenIds.ShouldBe([6824, 6456, 3737, 1336]);
        content.Select(update => update.Text).ShouldBe([" OTel", "durationnormThis position", "expand83 CILe", "cls)* browsersQU", "QUproclas Client", "lor PYOnsplit"]);
        server.Request.Json["stream_options"]!.ToJsonString().ShouldBe("""{"include_usage":true,"continuous_usage_stats":true}""");
        server.Request.Json["return_token_ids"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Through_a_buffering_proxy()
    {
        await using var server = ReplayServer.Of("nginx-chat-stream-buffered");
        using var client = server.Client();

        var updates = await CollectAsync(client, "Hello");

        updates.TextOf().ShouldHash(705, "27f5b61699e7be20d3a8aca05e6d390bb65b2e95e8471cde09dd97b15612e579");
        updates.Count(update => update.IsContent).ShouldBe(177);
        updates.Sum(update => update.TextBytes).ShouldBe(783);
        updates.Single(update => update.Usage is not null).Usage.ShouldBe(new Usage { PromptTokens = 18, CompletionTokens = 200, TotalTokens = 218 });
        updates.Single(update => update.FinishReason is not null).FinishReason.ShouldBe(FinishReason.Length);
        updates.Single(update => update.SystemFingerprint is not null).SystemFingerprint.ShouldBe("vllm-0.32.0-dd19db24");
    }

    [Fact]
    public async Task Log_probabilities_come_as_the_server_sent_them()
    {
        await using var server = ReplayServer.Of("chat-stream-logprobs");
        using var client = server.Client();

        var updates = await CollectAsync(client, new() { Messages = ["Hi"], Logprobs = true, TopLogprobs = 2 });

        var content = updates.Where(update => update.IsContent).ToList();
        content.ShouldNotBeEmpty();
        content.ShouldAllBe(update => update.Logprobs!.Count >= 1 && update.Logprobs[0].TopLogprobs.Count == 2);
        server.Request.Json["top_logprobs"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Discarded_text_keeps_its_size()
    {
        await using var server = ReplayServer.Of("chat-stream-512");
        using var client = server.Client();
        var (bytes, content, finish, tokens) = (0, 0, default(FinishReason?), default(int?));

        await foreach (var update in client.ChatStreamAsync("Tell me a story", new() { DiscardText = true }, TestContext.Current.CancellationToken))
        {
            update.Text.ShouldBeNull();
            update.Reasoning.ShouldBeNull();
            bytes += update.TextBytes;
            content += update.IsContent ? 1 : 0;
            finish = update.FinishReason ?? finish;
            tokens = update.Usage?.CompletionTokens ?? tokens;
        }

        bytes.ShouldBe(2541);
        content.ShouldBe(493);
        finish.ShouldBe(FinishReason.Length);
        tokens.ShouldBe(512);
    }

    static async Task<List<ChatUpdate>> CollectAsync(VllmClient client, ChatRequest request) =>
        await client.ChatStreamAsync(request, cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    static string Arguments(IEnumerable<ToolCallDelta> deltas, int index) =>
        string.Concat(deltas.Where(delta => delta.Index == index).Select(delta => delta.Arguments));
}

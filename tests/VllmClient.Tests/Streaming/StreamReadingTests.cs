using System.Text.Json;
using Vllm.Testing;

namespace Vllm.Tests.Streaming;

/// <summary>Streams read as a whole: as an answer, as text, as raw events.</summary>
public class StreamReadingTests
{
    [Fact]
    public async Task Text_alone_of_the_choice_asked_for()
    {
        await using var server = ReplayServer.Of("chat-stream-n2", "chat-stream-n2");
        using var client = server.Client();

        var whole = await client.ChatStreamAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ToResultAsync(cancellationToken: TestContext.Current.CancellationToken);
        var second = await client.ChatStreamAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).TextAsync(choice: 1, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        whole.Choices.Count.ShouldBe(2);
        second.ShouldNotContain("");
        string.Concat(second).ShouldBe(whole.Choices[1].Message.Content);
    }

    [Fact]
    public async Task A_listener_sees_each_update_as_it_arrives()
    {
        await using var server = ReplayServer.Of("chat-stream-usage");
        using var client = server.Client();
        var seen = new List<string?>();

        var result = await client.ChatStreamAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ToResultAsync(update => seen.Add(update.Text), TestContext.Current.CancellationToken);

        string.Concat(seen).ShouldBe(result.Text);
        result.Usage!.CompletionTokens.ShouldBe(12);
        result.Info.StatusCode.ShouldBe(200);
        result.Info.Timings.FirstContent.ShouldNotBeNull();
    }

    [Fact]
    public void An_accumulator_takes_updates_that_a_test_made()
    {
        var accumulator = new ChatAccumulator();

        accumulator.Add(new() { Role = ChatRole.Assistant, Text = "", ResponseId = "r", Model = "m" });
        accumulator.Add(new() { Text = "Hel", IsContent = true, ResponseId = "r", Model = "m" });
        accumulator.Add(new() { Text = "lo", IsContent = true, FinishReason = FinishReason.Stop, ResponseId = "r", Model = "m" });
        accumulator.Add(new() { Usage = new() { PromptTokens = 1, CompletionTokens = 2, TotalTokens = 3 }, ResponseId = "r", Model = "m" });

        var result = accumulator.ToResult();
        result.Text.ShouldBe("Hello");
        result.Id.ShouldBe("r");
        result.Model.ShouldBe("m");
        result.FinishReason.ShouldBe(FinishReason.Stop);
        result.Usage!.TotalTokens.ShouldBe(3);
        result.Choices.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_raw_event_keeps_members_that_nobody_knows()
    {
        var stream = new[] { SseText.Role(), """data: {"id":"x","choices":[{"index":0,"delta":{"content":"a","mood":"good"}}],"weather":{"sun":true}}""" + "\n\n", """data: {"heartbeat":1}""" + "\n\n", SseText.Last("b"), SseText.Done };
        using var client = new ScriptedHandler().Streams([.. stream.Select(text => (BodyStep)text)]).Client();

        var updates = await client.ChatStreamAsync("Hi", new() { CaptureRaw = true }, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        updates.Count.ShouldBe(4);
        updates[1].Raw!.Value.GetProperty("weather").GetProperty("sun").GetBoolean().ShouldBeTrue();
        updates[1].Raw!.Value.GetProperty("choices")[0].GetProperty("delta").GetProperty("mood").GetString().ShouldBe("good");
        updates[2].Raw!.Value.GetProperty("heartbeat").GetInt32().ShouldBe(1);
        updates[2].IsContent.ShouldBeFalse();
        updates.ShouldAllBe(update => update.Raw!.Value.ValueKind == JsonValueKind.Object);
    }

    [Fact]
    public async Task Without_asking_nothing_raw_is_kept()
    {
        using var client = new ScriptedHandler().Streams(SseText.Role(), SseText.Last("b"), SseText.Done).Client();

        var updates = await client.ChatStreamAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        updates.ShouldAllBe(update => update.Raw == null);
    }

    [Fact]
    public async Task Content_that_comes_as_a_list_of_parts_is_read()
    {
        using var client = new ScriptedHandler()
            .Streams(SseText.Role(), SseText.Chat("""{"index":0,"delta":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"},7]}}"""), SseText.Last("c"), SseText.Done)
            .Client();

        var result = await client.ChatStreamAsync("Hi", cancellationToken: TestContext.Current.CancellationToken).ToResultAsync(cancellationToken: TestContext.Current.CancellationToken);

        result.Text.ShouldBe("abc");
    }
}

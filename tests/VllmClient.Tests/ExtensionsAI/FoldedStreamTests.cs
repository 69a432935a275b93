using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Vllm.Testing;
using AI = Microsoft.Extensions.AI;

namespace Vllm.Tests.ExtensionsAI;

/// <summary>Acceptance check 13 of the client, first half: a folded adapter stream equals the JSON answer, usage once.</summary>
public class FoldedStreamTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Streams =>
    [
        "chat-stream-512", "chat-stream-basic", "chat-stream-chinese", "chat-stream-include-reasoning-false", "chat-stream-interval-4", "chat-stream-interval-4-ids",
        "chat-stream-logprobs", "chat-stream-reasoning-then-content", "chat-stream-stop-string", "chat-stream-thinking-budget", "chat-stream-tool-auto",
        "chat-stream-tool-auto-two", "chat-stream-tool-required", "chat-stream-usage",
    ];

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Check_13_a_folded_stream_equals_the_JSON_answer(string name)
    {
        var body = Recording.Load(name).Body;
        using var streaming = new ScriptedHandler().Streams(() => new MemoryStream(body)).Client();
        using var whole = new ScriptedHandler().Answers(HttpStatusCode.OK, JsonTwin.Of(body)).Client();

        var updates = await streaming.AsIChatClient().GetStreamingResponseAsync("Hello", cancellationToken: Token).ToListAsync(Token);
        var answer = await whole.AsIChatClient().GetResponseAsync("Hello", cancellationToken: Token);

        JsonTwin.Describe(updates.ToChatResponse()).ShouldBe(JsonTwin.Describe(answer));
        updates.SelectMany(update => update.Contents).OfType<UsageContent>().Count().ShouldBe(answer.Usage is null ? 0 : 1);
        updates.ShouldAllBe(update => update.ResponseId == answer.ResponseId && update.MessageId == answer.ResponseId && update.Role == AI.ChatRole.Assistant);
        updates.SelectMany(update => update.Contents).OfType<FunctionCallContent>().Count().ShouldBe(answer.Messages[0].Contents.OfType<FunctionCallContent>().Count());
        answer.AdditionalProperties!["request_id"].ShouldBeOfType<string>().Length.ShouldBe(32);
        updates.ToChatResponse().Messages[0].AdditionalProperties!["request_id"].ShouldBeOfType<string>().Length.ShouldBe(32);
    }

    [Fact]
    public async Task Check_13_the_recorded_JSON_twin_of_a_stream_says_the_same_but_for_its_reasoning_tokens()
    {
        var stream = await FoldAsync("chat-stream-reasoning-then-content");
        using var client = new ScriptedHandler().Answers(Recording.Load("chat-reasoning-then-content")).Client();
        var answer = await client.AsIChatClient().GetResponseAsync("Hello", cancellationToken: Token);

        stream.Messages.Single().Contents.Select(JsonTwin.Describe).ShouldBe(answer.Messages.Single().Contents.Select(JsonTwin.Describe));
        stream.Messages[0].Contents.Select(content => content.GetType()).ShouldBe([typeof(TextReasoningContent), typeof(TextContent)]);
        stream.FinishReason.ShouldBe(answer.FinishReason);
        stream.Usage!.OutputTokenCount.ShouldBe(24);
        answer.Usage!.OutputTokenCount.ShouldBe(24);
        stream.Usage.ReasoningTokenCount.ShouldBe(10);
        answer.Usage.ReasoningTokenCount.ShouldBe(11);
    }

    [Fact]
    public async Task Two_calls_come_once_each_and_complete_with_the_finish()
    {
        var response = await FoldAsync("chat-stream-tool-auto-two");

        var calls = response.Messages.Single().Contents.OfType<FunctionCallContent>().ToList();
        calls.Select(call => call.Name).ShouldBe(["get_weather", "get_time"]);
        calls.Select(call => call.CallId).ShouldAllBe(id => id.StartsWith("chatcmpl-tool-", StringComparison.Ordinal));
        calls[1].Arguments!["zone"].ShouldBeOfType<JsonElement>().GetString().ShouldBe("UTC");
        calls.ShouldAllBe(call => call.Exception == null);
        calls[1].RawRepresentation.ShouldBeOfType<ToolCall>().Arguments.ShouldBe("""{"zone": "UTC"}""");
        response.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        response.Usage!.TotalTokenCount.ShouldBe(329);
        response.Usage.CachedInputTokenCount.ShouldBe(128);
        response.Usage.AdditionalCounts!["created_cache_tokens"].ShouldBe(0);
    }

    [Fact]
    public async Task Updates_without_content_have_none_and_all_keep_what_they_were_made_of()
    {
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("chat-stream-usage").Body)).Client();

        var updates = await client.AsIChatClient().GetStreamingResponseAsync("Hello", cancellationToken: Token).ToListAsync(Token);

        updates[0].Contents.ShouldBeEmpty();
        updates.ShouldAllBe(update => update.RawRepresentation is ChatUpdate);
        updates[^1].Contents.ShouldHaveSingleItem().ShouldBeOfType<UsageContent>();
        updates[^2].FinishReason.ShouldBe(ChatFinishReason.Length);
        updates.Take(updates.Count - 2).ShouldAllBe(update => update.FinishReason == null && update.AdditionalProperties == null);
        string.Concat(updates.Select(update => update.Text)).ShouldBe(Native("chat-stream-usage"));
    }

    [Theory]
    [InlineData("chat-stop-string", "string")]
    [InlineData("chat-stop-token", "number")]
    [InlineData("chat-basic", null)]
    public async Task The_stop_reason_is_a_string_or_a_token_id(string name, string? kind)
    {
        using var client = new ScriptedHandler().Answers(Recording.Load(name)).Client();

        var answer = await client.AsIChatClient().GetResponseAsync("Hello", cancellationToken: Token);

        var reason = answer.AdditionalProperties!.GetValueOrDefault("stop_reason");
        (reason is string ? "string" : reason is long ? "number" : null).ShouldBe(kind);
    }

    static string Native(string name) => JsonDocument.Parse(JsonTwin.Of(Recording.Load(name).Body)).RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    static async Task<ChatResponse> FoldAsync(string name)
    {
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load(name).Body)).Client();
        return await client.AsIChatClient().GetStreamingResponseAsync("Hello", cancellationToken: Token).ToChatResponseAsync(Token);
    }
}

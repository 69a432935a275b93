using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Vllm.Testing;
using AI = Microsoft.Extensions.AI;

namespace Vllm.Tests.ExtensionsAI;

/// <summary>Acceptance check 13 of the client, second half: what Microsoft.Extensions.AI builds on chat clients works unmodified.</summary>
public partial class MiddlewareTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Check_13_function_invocation_runs_a_tool_loop(bool streams)
    {
        var handler = streams
            ? new ScriptedHandler().Streams(
                SseText.Role(), SseText.Chat("""{"index":0,"delta":{"reasoning":"Ask the tool."}}"""),
                SseText.Chat("""{"index":0,"delta":{"tool_calls":[{"id":"call_1","type":"function","index":0,"function":{"name":"weather"}}]}}"""),
                SseText.Chat("""{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}}"""),
                SseText.Chat("""{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"Bonn\"}"}}]}}"""),
                SseText.Finish("tool_calls"), SseText.Usage(10, 5), SseText.Done)
                .Streams(SseText.Role(), SseText.Last("Sunny.", "stop"), SseText.Usage(20, 3), SseText.Done)
            : new ScriptedHandler()
                .Answers(HttpStatusCode.OK, """{"id":"a","choices":[{"index":0,"message":{"role":"assistant","content":null,"reasoning":"Ask the tool.","tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bonn\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":10,"total_tokens":15,"completion_tokens":5}}""")
                .Answers(HttpStatusCode.OK, """{"id":"b","choices":[{"index":0,"message":{"role":"assistant","content":"Sunny."},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"total_tokens":23,"completion_tokens":3}}""");
        using var client = handler.Client();
        var chat = client.AsIChatClient().AsBuilder().UseFunctionInvocation().Build();
        var asked = new List<string>();
        var tool = AIFunctionFactory.Create((string city) => { asked.Add(city); return $"sun in {city}"; }, "weather", "Tells the weather.");
        var options = new ChatOptions { Tools = [tool] };

        var response = streams
            ? await chat.GetStreamingResponseAsync("Weather?", options, Token).ToChatResponseAsync(Token)
            : await chat.GetResponseAsync("Weather?", options, Token);

        asked.ShouldBe(["Bonn"]);
        response.Text.ShouldBe("Sunny.");
        response.Usage!.InputTokenCount.ShouldBe(30);
        response.Usage.OutputTokenCount.ShouldBe(8);
        handler.Requests.Count.ShouldBe(2);
        handler.Requests[0].Json["tools"]![0]!["function"]!["name"]!.GetValue<string>().ShouldBe("weather");
        var history = handler.Requests[1].Json["messages"]!.AsArray();
        history.Count.ShouldBe(3);
        var call = JsonNode.Parse("""{"role":"assistant","content":null,"reasoning":"Ask the tool.","tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bonn\"}"}}]}""");
        JsonNode.DeepEquals(history[1], call).ShouldBeTrue(history[1]!.ToJsonString());
        history[2]!.ToJsonString().ShouldBe("""{"role":"tool","content":"sun in Bonn","tool_call_id":"call_1"}""");
    }

    [Fact]
    public async Task Check_13_a_call_with_broken_arguments_goes_back_to_the_model_as_a_failure()
    {
        var handler = new ScriptedHandler()
            .Answers(HttpStatusCode.OK, """{"id":"a","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":"}}]},"finish_reason":"length"}]}""")
            .Answers(HttpStatusCode.OK, SseText.ChatAnswer("Sorry."));
        using var client = handler.Client();
        var chat = client.AsIChatClient().AsBuilder().UseFunctionInvocation().Build();
        var tool = AIFunctionFactory.Create((string city) => $"sun in {city}", "weather");

        var response = await chat.GetResponseAsync("Weather?", new ChatOptions { Tools = [tool] }, Token);

        response.Text.ShouldBe("Sorry.");
        var history = handler.Requests[1].Json["messages"]!.AsArray();
        history[1]!["tool_calls"]![0]!["function"]!["arguments"]!.GetValue<string>().ShouldBe("{}");
        history[2]!["content"]!.GetValue<string>().ShouldStartWith("Error");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Check_13_a_distributed_cache_answers_the_second_time(bool streams)
    {
        var handler = streams
            ? new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("chat-stream-reasoning-then-content").Body))
            : new ScriptedHandler().Answers(Recording.Load("chat-reasoning-then-content"));
        using var client = handler.Client();
        var chat = client.AsIChatClient().AsBuilder().UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()))).Build();

        var first = await AskAsync(chat, streams);
        var second = await AskAsync(chat, streams);

        handler.Requests.Count.ShouldBe(1);
        JsonTwin.Describe(second).ShouldBe(JsonTwin.Describe(first));
        second.Messages[0].Contents.Select(content => content.GetType()).ShouldBe([typeof(TextReasoningContent), typeof(TextContent)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Check_13_a_typed_response_is_asked_for_by_schema_and_read(bool isList)
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer(isList ? """{"data":["Bonn"]}""" : """{"name":"Bonn","people":336000}"""));
        using var client = handler.Client();
        var options = new JsonSerializerOptions { TypeInfoResolver = Cities.Default };

        if (isList) (await client.AsIChatClient().GetResponseAsync<string[]>("Cities?", options, cancellationToken: Token)).Result.ShouldBe(["Bonn"]);
        else (await client.AsIChatClient().GetResponseAsync<City>("City?", options, cancellationToken: Token)).Result.ShouldBe(new City("Bonn", 336000));

        var format = handler.Request.Json["response_format"]!;
        format["type"]!.GetValue<string>().ShouldBe("json_schema");
        format["json_schema"]!["schema"]!["properties"]![isList ? "data" : "people"].ShouldNotBeNull();
    }

    static Task<ChatResponse> AskAsync(IChatClient chat, bool streams) => streams
        ? chat.GetStreamingResponseAsync("Hello", cancellationToken: Token).ToChatResponseAsync(Token)
        : chat.GetResponseAsync("Hello", cancellationToken: Token);

    internal sealed record City([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("people")] int People);

    [JsonSerializable(typeof(City))]
    [JsonSerializable(typeof(string[]))]
    [JsonSerializable(typeof(IEnumerable<AI.ChatMessage>))]
    sealed partial class Cities : JsonSerializerContext;
}

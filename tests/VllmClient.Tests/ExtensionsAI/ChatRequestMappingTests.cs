using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Vllm.Testing;
using AI = Microsoft.Extensions.AI;

namespace Vllm.Tests.ExtensionsAI;

/// <summary>What the adapter sends, byte by byte.</summary>
public class ChatRequestMappingTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_option_is_sent()
    {
        var body = await SentAsync([new(AI.ChatRole.User, "Hello")], new()
        {
            Instructions = "Be brief.",
            ModelId = "m",
            Temperature = 0.7f,
            TopP = 0.1f,
            TopK = 5,
            MaxOutputTokens = 9,
            FrequencyPenalty = -0.3f,
            PresencePenalty = 0.2f,
            Seed = long.MinValue,
            StopSequences = ["."],
            ResponseFormat = ChatResponseFormat.Json,
            Reasoning = new() { Effort = AI.ReasoningEffort.ExtraHigh, Output = ReasoningOutput.None },
            AdditionalProperties = new() { ["repetition_penalty"] = 1.1f, ["bad_words"] = new[] { "x" }, ["nothing"] = null, ["node"] = new JsonObject { ["a"] = 1 }, ["map"] = new Dictionary<string, string> { ["b"] = "c" } },
        });

        body.ShouldBe(
            """{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}],"max_completion_tokens":9,"reasoning_effort":"xhigh","include_reasoning":false,"temperature":0.7,"top_p":0.1,"top_k":5,"frequency_penalty":-0.3,"presence_penalty":0.2,"seed":-9223372036854775808,"stop":["."],"response_format":{"type":"json_object"},"repetition_penalty":1.1,"bad_words":["x"],"nothing":null,"node":{"a":1},"map":{"b":"c"}}""");
    }

    [Fact]
    public async Task Without_options_nothing_but_the_messages_is_sent()
    {
        (await SentAsync([new(AI.ChatRole.User, "Hello")], null)).ShouldBe("""{"messages":[{"role":"user","content":"Hello"}]}""");
        (await SentAsync([new(AI.ChatRole.User, "Hello")], new() { AllowMultipleToolCalls = true, ToolMode = ChatToolMode.Auto, Tools = [] })).ShouldBe("""{"messages":[{"role":"user","content":"Hello"}]}""");
        (await SentAsync([new(AI.ChatRole.User, "Hello")], new(), model: "mine")).ShouldBe("""{"model":"mine","messages":[{"role":"user","content":"Hello"}]}""");
    }

    [Fact]
    public async Task Tools_and_their_mode_are_sent()
    {
        var tool = AIFunctionFactory.CreateDeclaration("weather", "Tells it.", Json("""{"type":"object","properties":{"city":{"type":"string"}}}"""));

        var required = await SentAsync([new(AI.ChatRole.User, "?")], new() { Tools = [tool], ToolMode = ChatToolMode.RequireSpecific("weather"), AllowMultipleToolCalls = false });

        required.ShouldContain(""","tools":[{"type":"function","function":{"name":"weather","description":"Tells it.","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]""");
        required.ShouldContain("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}");
        required.ShouldContain("\"parallel_tool_calls\":false");
        (await SentAsync([new(AI.ChatRole.User, "?")], new() { Tools = [tool], ToolMode = ChatToolMode.RequireAny })).ShouldContain("\"tool_choice\":\"required\"");
        (await SentAsync([new(AI.ChatRole.User, "?")], new() { Tools = [tool], ToolMode = ChatToolMode.None })).ShouldContain("\"tool_choice\":\"none\"");
        (await SentAsync([new(AI.ChatRole.User, "?")], new() { Tools = [tool], ToolMode = ChatToolMode.Auto })).ShouldContain("\"tool_choice\":\"auto\"");
    }

    [Fact]
    public async Task A_schema_is_sent_under_its_name()
    {
        var body = await SentAsync([new(AI.ChatRole.User, "?")], new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(Json("""{"type":"object"}"""), "my city", "A city.") });

        body.ShouldContain("""{"type":"json_schema","json_schema":{"name":"my_city","description":"A city.","schema":{"type":"object"}}}""");
        (await SentAsync([new(AI.ChatRole.User, "?")], new() { ResponseFormat = ChatResponseFormat.Text })).ShouldContain("""{"type":"text"}""");
    }

    [Fact]
    public async Task A_conversation_with_reasoning_calls_and_results_is_sent_back()
    {
        var body = await SentAsync(
            [
                new(AI.ChatRole.System, "S"),
                new(AI.ChatRole.User, "Q") { AuthorName = "ann" },
                new(AI.ChatRole.Assistant, [new TextReasoningContent("think"), new TextContent("I "), new TextContent("ask."), new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["x"] = 1 }), new UsageContent()]),
                new(AI.ChatRole.Tool, [new FunctionResultContent("c1", "one"), new FunctionResultContent("c2", Json("""{"a":[1,"ü"]}""")), new FunctionResultContent("c3", null)]),
                new(AI.ChatRole.Assistant, [new FunctionCallContent("c4", "g"), new FunctionResultContent("c4", new TextContent("four"))]),
                new(AI.ChatRole.Assistant, ""),
                new(new AI.ChatRole("critic"), "C"),
            ],
            null);

        body.ShouldBe(
            """{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q","name":"ann"},{"role":"assistant","content":"I ask.","reasoning":"think","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},{"role":"tool","content":"one","tool_call_id":"c1"},{"role":"tool","content":"{\"a\":[1,\"ü\"]}","tool_call_id":"c2"},{"role":"tool","content":"","tool_call_id":"c3"},{"role":"assistant","content":null,"tool_calls":[{"id":"c4","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","content":"four","tool_call_id":"c4"},{"role":"assistant","content":""},{"role":"critic","content":"C"}]}""");
    }

    [Fact]
    public async Task Images_audio_and_video_are_sent_as_parts()
    {
        var body = await SentAsync(
            [
                new(AI.ChatRole.User,
                [
                    new TextContent("Look:"),
                    new DataContent(new byte[] { 1, 2, 3 }, "image/png") { AdditionalProperties = new() { ["detail"] = "low" } },
                    new UriContent(new Uri("https://example.org/a.jpg"), "image/jpeg"),
                    new DataContent(new byte[] { 4 }, "audio/mpeg"),
                    new DataContent(new byte[] { 5 }, "video/mp4"),
                    new UriContent(new Uri("https://example.org/a.wav"), "audio/wav"),
                    new AIContent { RawRepresentation = new RawPart(new() { ["type"] = "image_embeds" }) },
                ]),
                new(AI.ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]),
            ],
            null);

        body.ShouldBe(
            """{"messages":[{"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID","detail":"low"}},{"type":"image_url","image_url":{"url":"https://example.org/a.jpg"}},{"type":"input_audio","input_audio":{"data":"BA==","format":"mp3"}},{"type":"video_url","video_url":{"url":"data:video/mp4;base64,BQ=="}},{"type":"audio_url","audio_url":{"url":"https://example.org/a.wav"}},{"type":"image_embeds"}]},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AQ=="}}]}]}""");
    }

    [Fact]
    public async Task What_chats_have_no_form_for_is_skipped_and_said_in_the_log()
    {
        using var logs = new FakeLoggerProvider();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(logs).SetMinimumLevel(LogLevel.Debug));
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("Hi"));
        using var client = handler.Client(services: new() { LoggerFactory = factory });

        await client.AsIChatClient().GetResponseAsync(
            [new(AI.ChatRole.User, [new TextContent("Hello"), new DataContent(new byte[] { 1 }, "application/pdf"), new HostedFileContent("file")])], new() { Tools = [new HostedWebSearchTool()] }, Token);

        handler.Request.Json["messages"]!.ToJsonString().ShouldBe("""[{"role":"user","content":"Hello"}]""");
        handler.Request.Json.ContainsKey("tools").ShouldBeFalse();
        logs.Collector.GetSnapshot().Select(record => record.Message).ShouldContain("The request held what chats have no form for, and was sent without it: DataContent, HostedFileContent, HostedWebSearchTool.");
    }

    [Fact]
    public async Task A_request_of_the_callers_own_wins_over_the_options()
    {
        var own = new ChatRequest { Messages = [], Temperature = 0, MinP = 0.1, StructuredOutput = StructuredOutput.Choice("a", "b"), ExtraBody = new() { ["x"] = 1 } };

        var body = await SentAsync([new(AI.ChatRole.User, "Hello")], new()
        {
            Temperature = 1,
            MaxOutputTokens = 5,
            ResponseFormat = ChatResponseFormat.Json,
            AdditionalProperties = new() { ["x"] = 2, ["y"] = 3 },
            RawRepresentationFactory = _ => own,
        });

        body.ShouldBe("""{"messages":[{"role":"user","content":"Hello"}],"max_completion_tokens":5,"temperature":0,"min_p":0.1,"structured_outputs":{"choice":["a","b"]},"x":1,"y":3}""");
        own.ExtraBody!.Count.ShouldBe(1);
        (await SentAsync([new(AI.ChatRole.User, "Hello")], new() { RawRepresentationFactory = _ => new ChatRequest { Messages = ["own"] } })).ShouldBe("""{"messages":[{"role":"user","content":"own"}]}""");
    }

    [Fact]
    public void More_than_one_choice_is_not_supported()
    {
        using var client = new ScriptedHandler().Client();
        var chat = client.AsIChatClient();

        Should.Throw<NotSupportedException>(() => { chat.GetStreamingResponseAsync("Hello", new() { AdditionalProperties = new() { ["n"] = 2 } }, Token); }).Message.ShouldStartWith("2 choices are asked for");
        Should.Throw<NotSupportedException>(() => { chat.GetStreamingResponseAsync("Hello", new() { RawRepresentationFactory = _ => new ChatRequest { Messages = [], N = 3 } }, Token); });
        Should.ThrowAsync<NotSupportedException>(() => chat.GetResponseAsync("Hello", new() { AdditionalProperties = new() { ["n"] = 2 } }, Token));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_as_by_the_client_itself()
    {
        using var client = new ScriptedHandler().Client();
        var chat = client.AsIChatClient();

        (await Should.ThrowAsync<ArgumentException>(() => chat.GetResponseAsync("Hello", new() { Temperature = float.NaN }, Token))).Message.ShouldContain("Temperature is NaN");
        (await Should.ThrowAsync<ArgumentException>(() => chat.GetResponseAsync("Hello", new() { ToolMode = ChatToolMode.RequireAny }, Token))).Message.ShouldContain("Tools is empty");
        (await Should.ThrowAsync<ArgumentException>(() => chat.GetResponseAsync([], cancellationToken: Token))).Message.ShouldContain("Messages is empty");
        (await Should.ThrowAsync<ArgumentException>(() => chat.GetResponseAsync([new(AI.ChatRole.User, [new UriContent(new Uri("file:///a.png"), "image/png")])], cancellationToken: Token))).Message.ShouldContain("ImagePart.FromFile");
        await Should.ThrowAsync<ArgumentNullException>(() => chat.GetResponseAsync((IEnumerable<AI.ChatMessage>)null!, cancellationToken: Token));
        Should.Throw<ArgumentNullException>(() => ((IVllmClient)null!).AsIChatClient());
    }

    [Theory]
    [InlineData(AI.ReasoningEffort.None, "none")]
    [InlineData(AI.ReasoningEffort.Low, "low")]
    [InlineData(AI.ReasoningEffort.Medium, "medium")]
    [InlineData(AI.ReasoningEffort.High, "high")]
    public async Task Reasoning_effort_is_sent_by_its_word(AI.ReasoningEffort effort, string word)
    {
        (await SentAsync([new(AI.ChatRole.User, "?")], new() { Reasoning = new() { Effort = effort, Output = ReasoningOutput.Full } })).ShouldBe($$"""{"messages":[{"role":"user","content":"?"}],"reasoning_effort":"{{word}}"}""");
    }

    static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement.Clone();

    static async Task<string> SentAsync(IEnumerable<AI.ChatMessage> messages, ChatOptions? options, string? model = null)
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("Hi"));
        using var client = handler.Client();
        await client.AsIChatClient(model).GetResponseAsync(messages, options, Token);
        return Encoding.UTF8.GetString(handler.Request.Body);
    }
}

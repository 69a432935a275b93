using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>What is sent, byte for byte where it matters.</summary>
public class RequestBodyTests
{
    readonly ScriptedHandler _handler = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("ok"));

    [Fact]
    public async Task A_plain_question_sends_nothing_that_was_not_set()
    {
        await SendAsync("Hello");

        _handler.Request.Text.ShouldBe("""{"messages":[{"role":"user","content":"Hello"}]}""");
        _handler.Request.Method.ShouldBe("POST");
        _handler.Request.Path.ShouldBe("/v1/chat/completions");
        _handler.Request.Headers["Content-Type"].ShouldBe("application/json");
        _handler.Request.Headers["Content-Length"].ShouldBe(_handler.Request.Body.Length.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task On_the_wire_the_length_is_set_and_nothing_is_chunked()
    {
        await using var server = ReplayServer.Of("chat-stream-basic");
        using var client = server.Client();

        await client.ChatStreamAsync("Hello", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        server.Request.Headers["Content-Length"].ShouldBe(server.Request.Body.Length.ToString(CultureInfo.InvariantCulture));
        server.Request.Headers.ContainsKey("Transfer-Encoding").ShouldBeFalse();
        server.Request.Headers.ContainsKey("Authorization").ShouldBeFalse();
        server.Request.Headers.ContainsKey("Expect").ShouldBeFalse();
    }

    [Fact]
    public async Task Zero_is_a_value_and_is_sent()
    {
        await SendAsync(new() { Messages = ["Hi"], Temperature = 0, TopK = 0, MinTokens = 0, Seed = 0, Priority = 0, FrequencyPenalty = 0 });

        var json = _handler.Request.Json;
        foreach (var name in new[] { "temperature", "top_k", "min_tokens", "seed", "priority", "frequency_penalty" })
        {
            json[name]!.GetValue<double>().ShouldBe(0, name);
        }

        json.ShouldAllBe(member => member.Value != null);
    }

    [Fact]
    public async Task Every_parameter_has_the_servers_name()
    {
        await SendAsync(new()
        {
            Model = "m",
            Messages = ["Hi"],
            MaxTokens = 1,
            MinTokens = 2,
            Temperature = 0.5,
            TopP = 0.6,
            TopK = 3,
            MinP = 0.1,
            FrequencyPenalty = 0.2,
            PresencePenalty = 0.3,
            RepetitionPenalty = 1.1,
            Seed = 9_000_000_000,
            N = 4,
            Stop = ["a"],
            StopTokenIds = [5],
            IncludeStopInOutput = true,
            IgnoreEos = true,
            UseBeamSearch = false,
            LengthPenalty = 1.2,
            SkipSpecialTokens = false,
            SpacesBetweenSpecialTokens = false,
            TruncatePromptTokens = 7,
            TruncationSide = TruncationSide.Left,
            PromptLogprobs = 0,
            LogprobTokenIds = [1],
            AllowedTokenIds = [2],
            BadWords = ["b"],
            LogitBias = new Dictionary<string, double> { ["8001"] = 4 },
            Echo = false,
            AddSpecialTokens = true,
            Priority = 1,
            SessionId = "s",
            ReturnTokenIds = true,
            ReturnTokensAsTokenIds = true,
            CacheSalt = "c",
            StreamInterval = 4,
            ThinkingTokenBudget = 8,
            User = "u",
            Logprobs = true,
            TopLogprobs = 2,
            ReasoningEffort = ReasoningEffort.Low,
            IncludeReasoning = false,
            AddGenerationPrompt = true,
            ChatTemplate = "t",
            ChatTemplateKwargs = new() { ["enable_thinking"] = false },
            ReturnPromptText = true,
        });

        _handler.Request.Json.Select(member => member.Key).ShouldBe(
            [
                "model", "messages", "max_completion_tokens", "min_tokens", "temperature", "top_p", "top_k", "min_p", "frequency_penalty", "presence_penalty", "repetition_penalty",
                "seed", "n", "stop", "stop_token_ids", "include_stop_str_in_output", "ignore_eos", "use_beam_search", "length_penalty", "skip_special_tokens",
                "spaces_between_special_tokens", "truncate_prompt_tokens", "truncation_side", "prompt_logprobs", "logprob_token_ids", "allowed_token_ids", "bad_words", "logit_bias",
                "echo", "add_special_tokens", "priority", "session_id", "return_token_ids", "return_tokens_as_token_ids", "cache_salt", "stream_interval", "thinking_token_budget",
                "user", "logprobs", "top_logprobs", "reasoning_effort", "include_reasoning", "add_generation_prompt", "chat_template", "chat_template_kwargs", "return_prompt_text",
            ],
            ignoreOrder: true);
        _handler.Request.Json["seed"]!.GetValue<long>().ShouldBe(9_000_000_000);
        _handler.Request.Json["chat_template_kwargs"]!.ToJsonString().ShouldBe("""{"enable_thinking":false}""");
        _handler.Request.Json["logit_bias"]!.ToJsonString().ShouldBe("""{"8001":4}""");
    }

    [Fact]
    public async Task Extra_members_are_merged_once_and_beat_typed_ones()
    {
        await SendAsync(new()
        {
            Messages = ["Hi"],
            Temperature = 0.5,
            MaxTokens = 5,
            ExtraBody = new JsonObject { ["temperature"] = 0.9, ["brand_new"] = new JsonArray(1, 2), ["nothing"] = null },
        });

        _handler.Request.Text.Split("\"temperature\"").Length.ShouldBe(2);
        _handler.Request.Json["temperature"]!.GetValue<double>().ShouldBe(0.9);
        _handler.Request.Json["brand_new"]!.ToJsonString().ShouldBe("[1,2]");
        _handler.Request.Json["max_completion_tokens"]!.GetValue<int>().ShouldBe(5);
    }

    [Fact]
    public async Task The_token_limit_can_have_its_old_name_in_chat()
    {
        using var client = _handler.Client(options => options.MaxTokensName = "max_tokens");

        await client.ChatAsync(new() { Messages = ["Hi"], MaxTokens = 3 }, cancellationToken: TestContext.Current.CancellationToken);

        _handler.Request.Text.ShouldBe("""{"messages":[{"role":"user","content":"Hi"}],"max_tokens":3}""");
    }

    [Theory]
    [InlineData(true, null, """{"include_usage":true}""")]
    [InlineData(false, null, null)]
    [InlineData(true, false, null)]
    [InlineData(false, true, """{"include_usage":true}""")]
    public async Task A_stream_asks_for_usage_as_client_or_request_say(bool clientAsks, bool? requestAsks, string? expected)
    {
        var handler = new ScriptedHandler().Streams(() => new TrickleStream(SseText.Role(), SseText.Last("a"), SseText.Done));
        using var client = handler.Client(options => options.IncludeUsage = clientAsks);

        await client.ChatStreamAsync(new() { Messages = ["Hi"], IncludeUsage = requestAsks }, cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        handler.Request.Json["stream"]!.GetValue<bool>().ShouldBeTrue();
        handler.Request.Json["stream_options"]?.ToJsonString().ShouldBe(expected);
    }

    [Fact]
    public async Task Stream_settings_of_a_request_are_not_sent_without_a_stream()
    {
        await SendAsync(new() { Messages = ["Hi"], IncludeUsage = true, ContinuousUsage = true });

        _handler.Request.Text.ShouldBe("""{"messages":[{"role":"user","content":"Hi"}]}""");
    }

    [Fact]
    public async Task A_conversation_goes_back_with_reasoning_and_tool_calls()
    {
        await SendAsync(new()
        {
            Messages =
            [
                ChatMessage.System("s"), ChatMessage.Developer("d"), "q",
                new() { Role = ChatRole.Assistant, Content = null, Reasoning = "r", ToolCalls = [new() { Id = "c1", Name = "f", Arguments = "{}" }] },
                ChatMessage.Tool("c1", "42"),
            ],
        });

        var messages = _handler.Request.Json["messages"]!.AsArray();
        messages.Select(message => message!["role"]!.GetValue<string>()).ShouldBe(["system", "developer", "user", "assistant", "tool"]);
        messages[3]!["reasoning"]!.GetValue<string>().ShouldBe("r");
        JsonNode.DeepEquals(messages[3]!["tool_calls"], JsonNode.Parse("""[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]""")).ShouldBeTrue();
        messages[4]!["tool_call_id"]!.GetValue<string>().ShouldBe("c1");
    }

    [Fact]
    public async Task A_lone_surrogate_is_sent_as_the_replacement_character()
    {
        await SendAsync("a\ud800b");

        _handler.Request.Json["messages"]![0]!["content"]!.GetValue<string>().ShouldBe("a\uFFFDb");
    }

    [Fact]
    public async Task Headers_and_query_of_options_and_request_are_sent()
    {
        using var client = _handler.Client(options =>
        {
            options.ApiKey = "  k1  ";
            options.DefaultModel = "tiny";
            options.DefaultHeaders["X-Team"] = "blue";
        });

        await client.ChatAsync(
            "Hi",
            new() { ExtraHeaders = new Dictionary<string, string> { ["X-Trial"] = "7" }, ExtraQuery = new Dictionary<string, string> { ["a b"] = "c&d" }, DataParallelRank = 3 },
            TestContext.Current.CancellationToken);

        var request = _handler.Request;
        request.Headers["Authorization"].ShouldBe("Bearer k1");
        request.Headers["X-Team"].ShouldBe("blue");
        request.Headers["X-Trial"].ShouldBe("7");
        request.Headers["X-data-parallel-rank"].ShouldBe("3");
        request.Path.ShouldBe("/v1/chat/completions?a%20b=c%26d");
        request.Json["model"]!.GetValue<string>().ShouldBe("tiny");
    }

    [Fact]
    public async Task The_key_provider_is_asked_before_every_request()
    {
        var asked = 0;
        using var client = _handler.Client(options => options.ApiKeyProvider = _ => ValueTask.FromResult<string?>($"key{++asked}"));

        await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);
        await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        _handler.Requests.Select(request => request.Headers["Authorization"]).ShouldBe(["Bearer key1", "Bearer key2"]);
    }

    [Theory]
    [InlineData("http://gpu:8000", "/v1/chat/completions")]
    [InlineData("http://gpu:8000/", "/v1/chat/completions")]
    [InlineData("http://gpu:8000/v1", "/v1/chat/completions")]
    [InlineData("http://gpu:8000/v1/", "/v1/chat/completions")]
    [InlineData("http://gpu:8000/prefix", "/prefix/v1/chat/completions")]
    [InlineData("http://gpu:8000/prefix/v1", "/prefix/v1/chat/completions")]
    public async Task Every_form_of_the_base_URL_leads_to_the_same_path(string url, string path)
    {
        using var client = _handler.Client(options => options.BaseUrl = new(url));

        await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken);

        _handler.Request.Path.ShouldBe(path);
    }

    async Task SendAsync(ChatRequest request)
    {
        using var client = _handler.Client();
        await client.ChatAsync(request, cancellationToken: TestContext.Current.CancellationToken);
    }
}

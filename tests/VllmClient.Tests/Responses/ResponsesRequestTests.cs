using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vllm.Testing;

namespace Vllm.Tests.Responses;

/// <summary>What is sent to the Responses API, byte by byte.</summary>
public class ResponsesRequestTests
{
    const string Answer = """{"id":"resp_1","object":"response","status":"completed","output":[{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Hi"},{"type":"refusal","refusal":"!"}]},{"type":"function_call","id":"fc_1","call_id":"call_1","name":"weather","arguments":{"city":"Bonn"}}]}""";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_member_is_sent_by_its_name()
    {
        var body = await SentAsync(new()
        {
            Model = "m",
            Input = "Hello",
            Instructions = "Be brief.",
            PreviousResponseId = "resp_0",
            MaxOutputTokens = 1,
            MaxToolCalls = 2,
            Temperature = 0,
            TopP = 0.5,
            TopK = 3,
            MinP = 0.25,
            PresencePenalty = 0.5,
            FrequencyPenalty = -0.5,
            RepetitionPenalty = 1.5,
            Seed = long.MaxValue,
            LogitBias = new Dictionary<string, double> { ["7"] = -100 },
            Stop = ["."],
            StopTokenIds = [0],
            IgnoreEos = true,
            IncludeStopInOutput = true,
            SkipSpecialTokens = false,
            TopLogprobs = 4,
            ParallelToolCalls = false,
            ReasoningEffort = ReasoningEffort.Low,
            IncludeReasoning = false,
            Verbosity = Verbosity.High,
            Include = ["message.output_text.logprobs"],
            Store = false,
            Background = true,
            Metadata = new Dictionary<string, string> { ["team"] = "a" },
            Truncation = "auto",
            User = "u",
            Priority = -1,
            SessionId = "s",
            CacheSalt = "c",
            ChatTemplateKwargs = new() { ["enable_thinking"] = false },
            KvTransferParams = new() { ["k"] = 1 },
            VllmXargs = new() { ["x"] = 2 },
            ExtraBody = new() { ["new_field"] = true, ["top_p"] = 0.75 },
        });

        body.ShouldBe(
            """{"model":"m","input":"Hello","instructions":"Be brief.","previous_response_id":"resp_0","max_output_tokens":1,"temperature":0,"top_k":3,"min_p":0.25,"presence_penalty":0.5,"frequency_penalty":-0.5,"repetition_penalty":1.5,"seed":9223372036854775807,"logit_bias":{"7":-100},"stop":["."],"stop_token_ids":[0],"ignore_eos":true,"include_stop_str_in_output":true,"skip_special_tokens":false,"max_tool_calls":2,"parallel_tool_calls":false,"top_logprobs":4,"include_reasoning":false,"include":["message.output_text.logprobs"],"reasoning":{"effort":"low"},"text":{"verbosity":"high"},"store":false,"background":true,"metadata":{"team":"a"},"truncation":"auto","user":"u","priority":-1,"session_id":"s","cache_salt":"c","chat_template_kwargs":{"enable_thinking":false},"kv_transfer_params":{"k":1},"vllm_xargs":{"x":2},"new_field":true,"top_p":0.75}""");
    }

    [Fact]
    public async Task Tools_and_formats_are_sent_flat()
    {
        using var schema = JsonDocument.Parse("""{"type":"object"}""");

        var body = await SentAsync(new()
        {
            Input = "Hello",
            Tools = [ChatTool.Function("weather", "Tells it.", schema.RootElement) with { Strict = true }],
            ToolChoice = ToolChoice.Function("weather"),
            TextFormat = ResponseFormat.JsonSchema("city", schema.RootElement, strict: true),
        });
        var constrained = await SentAsync(new() { Input = "Hello", Tools = [], StructuredOutput = StructuredOutput.Choice("a", "b"), ToolChoice = ToolChoice.None });

        body.ShouldBe(
            """{"input":"Hello","text":{"format":{"type":"json_schema","name":"city","schema":{"type":"object"},"strict":true}},"tools":[{"type":"function","name":"weather","description":"Tells it.","parameters":{"type":"object"},"strict":true}],"tool_choice":{"type":"function","name":"weather"}}""");
        constrained.ShouldBe("""{"input":"Hello","structured_outputs":{"choice":["a","b"]},"tool_choice":"none"}""");
    }

    [Fact]
    public async Task Items_are_sent_as_they_were_made()
    {
        var body = await SentAsync(new()
        {
            Input =
            [
                ResponsesItem.System("S"), ResponsesItem.Developer("D"), "U",
                ResponsesItem.User("Look:", ResponsesPart.FromImageUrl("https://example.org/a.png")), ResponsesItem.Assistant("A"),
                ResponsesItem.FunctionOutput("call_1", "sun"), new() { Type = "reasoning", Id = "rs_1", Summary = [], Content = [new() { Type = "reasoning_text", Text = "R" }] },
            ],
        });

        body.ShouldBe(
            """{"input":[{"type":"message","role":"system","content":[{"type":"input_text","text":"S"}]},{"type":"message","role":"developer","content":[{"type":"input_text","text":"D"}]},{"type":"message","role":"user","content":[{"type":"input_text","text":"U"}]},{"type":"message","role":"user","content":[{"type":"input_text","text":"Look:"},{"type":"input_image","image_url":"https://example.org/a.png"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"A"}]},{"type":"function_call_output","call_id":"call_1","output":"sun"},{"type":"reasoning","id":"rs_1","content":[{"type":"reasoning_text","text":"R"}],"summary":[]}]}""");
    }

    [Fact]
    public async Task Items_of_an_answer_go_back_as_they_came()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, Answer);
        using var client = handler.Client();
        var result = await client.Responses.CreateAsync("Hello", cancellationToken: Token);

        await client.Responses.CreateAsync(new() { Input = [.. result.Output, ResponsesItem.FunctionOutput(result.FunctionCalls[0].Id, "sun")] }, cancellationToken: Token);

        var sent = handler.Requests[1].Json["input"]!.AsArray();
        sent.Count.ShouldBe(3);
        JsonNode.DeepEquals(sent[0], JsonNode.Parse(Answer)!["output"]![0]).ShouldBeTrue();
        JsonNode.DeepEquals(sent[1], JsonNode.Parse(Answer)!["output"]![1]).ShouldBeTrue();
        sent[2]!["call_id"]!.GetValue<string>().ShouldBe("call_1");
    }

    [Fact]
    public async Task Shortcuts_find_text_and_calls_among_the_items()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, Answer).Client();

        var result = await client.Responses.CreateAsync("Hello", cancellationToken: Token);

        result.Text.ShouldBe("Hi!");
        result.Reasoning.ShouldBeNull();
        result.FunctionCalls.ShouldBe([new ToolCall { Id = "call_1", Name = "weather", Arguments = """{"city":"Bonn"}""" }]);
        result.Usage.ShouldBeNull();
        result.Output[0].Role.ShouldBe(ChatRole.Assistant);
    }

    [Fact]
    public async Task Get_and_cancel_name_the_response_in_the_path()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, Answer);
        using var client = handler.Client();

        await client.Responses.GetAsync("resp/1", new() { ExtraQuery = new Dictionary<string, string> { ["include"] = "x" } }, Token);
        await client.Responses.CancelAsync("resp_1", cancellationToken: Token);

        handler.Requests.Select(request => $"{request.Method} {request.Path}").ShouldBe(["GET /v1/responses/resp%2F1?include=x", "POST /v1/responses/resp_1/cancel"]);
        handler.Requests.ShouldAllBe(request => request.Body.Length == 0);
    }

    [Fact]
    public void What_cannot_be_sent_is_refused_by_name()
    {
        using var client = new ScriptedHandler().Client();

        Refused(new() { Input = null! }).ShouldContain("Input is null");
        Refused(new() { Input = [] }).ShouldContain("Input is empty");
        Refused(new() { Input = [null!] }).ShouldContain("Input[0] is null");
        Refused(new() { Input = "a", Model = " " }).ShouldContain("Model is blank");
        Refused(new() { Input = "a", Temperature = double.NaN }).ShouldContain("Temperature is NaN");
        Refused(new() { Input = "a", ToolChoice = ToolChoice.Required }).ShouldContain("Tools is empty");
        Refused(new() { Input = "a", TextFormat = ResponseFormat.Text, StructuredOutput = StructuredOutput.JsonObject() }).ShouldContain("TextFormat and StructuredOutput");
        Refused(new() { Input = "a", ExtraBody = new() { ["stream"] = true } }).ShouldContain("'stream'");
        Should.Throw<ArgumentException>(() => { client.Responses.GetAsync(" ", cancellationToken: Token); });

        string Refused(ResponsesRequest request) => Should.Throw<ArgumentException>(() => { client.Responses.StreamAsync(request, cancellationToken: Token); }).Message;
    }

    [Fact]
    public void Nothing_of_the_content_is_in_a_ToString()
    {
        new ResponsesRequest { Input = "secret" }.ToString().ShouldBe("ResponsesRequest");
        ResponsesInput.FromText("secret").ToString().ShouldBe("ResponsesInput");
        ResponsesItem.FromText("secret").ToString().ShouldBe("ResponsesItem(message)");
        ResponsesPart.FromText("secret").ToString().ShouldBe("ResponsesPart(input_text)");
        new ResponsesEvent { Type = "t", Delta = "secret" }.ToString().ShouldBe("ResponsesEvent(t)");
    }

    static async Task<string> SentAsync(ResponsesRequest request)
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, Answer);
        using var client = handler.Client();
        await client.Responses.CreateAsync(request, cancellationToken: Token);
        return System.Text.Encoding.UTF8.GetString(handler.Request.Body);
    }
}

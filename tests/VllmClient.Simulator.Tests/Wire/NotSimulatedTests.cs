using System.Text.Json.Nodes;
using Vllm.Simulator;

namespace Vllm.Tests.Wire;

/// <summary>What the simulator does not build it refuses: an answer as if the field were not there would be taken for vLLM's.</summary>
public sealed class NotSimulatedTests
{
    const string Tool = """{"type":"function","function":{"name":"now","parameters":{"type":"object"}}}""";

    readonly VirtualTimeProvider _time = new();
    readonly VllmSimulator _server;

    public NotSimulatedTests() => _server = new(SimulatorOptions.Instant, _time);

    [Theory]
    [InlineData("tools", $$"""{"tools":[{{Tool}}]}""")]
    [InlineData("tools", $$"""{"tools":[{{Tool}}],"tool_choice":"auto"}""")]
    [InlineData("tools", $$"""{"tools":[{{Tool}}],"tool_choice":"required"}""")]
    [InlineData("tools", $$$$"""{"tools":[{{{{Tool}}}}],"tool_choice":{"type":"function","function":{"name":"now"}}}""")]
    [InlineData("tool_choice", """{"tool_choice":"required"}""")]
    [InlineData("tool_choice", """{"tool_choice":"auto"}""")]
    [InlineData("tool_choice", """{"tool_choice":{"type":"function","function":{"name":"now"}}}""")]
    [InlineData("structured_outputs", """{"structured_outputs":{"json":{"type":"object"}}}""")]
    [InlineData("structured_outputs", """{"structured_outputs":{"choice":["a","b"]}}""")]
    [InlineData("response_format", """{"response_format":{"type":"json_object"}}""")]
    [InlineData("response_format", """{"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object"}}}}""")]
    [InlineData("response_format", """{"response_format":{"type":"structural_tag"}}""")]
    [InlineData("logprobs", """{"logprobs":true}""")]
    [InlineData("top_logprobs", """{"top_logprobs":3}""")]
    [InlineData("prompt_logprobs", """{"prompt_logprobs":0}""")]
    [InlineData("logprob_token_ids", """{"logprob_token_ids":[1]}""")]
    [InlineData("return_token_ids", """{"return_token_ids":true}""")]
    [InlineData("return_tokens_as_token_ids", """{"return_tokens_as_token_ids":true}""")]
    [InlineData("return_token_offsets", """{"return_token_offsets":true}""")]
    [InlineData("return_prompt_text", """{"return_prompt_text":true}""")]
    [InlineData("echo", """{"echo":true}""")]
    [InlineData("use_beam_search", """{"use_beam_search":true}""")]
    [InlineData("allowed_token_ids", """{"allowed_token_ids":[300]}""")]
    [InlineData("bad_words", """{"bad_words":["people"]}""")]
    [InlineData("logit_bias", """{"logit_bias":{"300":-100}}""")]
    [InlineData("truncate_prompt_tokens", """{"truncate_prompt_tokens":4}""")]
    [InlineData("stream_interval", """{"stream_interval":4}""")]
    [InlineData("kv_transfer_params", """{"kv_transfer_params":{"do_remote_decode":true}}""")]
    [InlineData("ec_transfer_params", """{"ec_transfer_params":{"x":1}}""")]
    [InlineData("documents", """{"documents":[{"text":"a"}]}""")]
    [InlineData("chat_template", """{"chat_template":"x"}""")]
    [InlineData("continue_final_message", """{"continue_final_message":true,"add_generation_prompt":false}""")]
    public void A_field_of_a_chat_that_would_change_the_answer_is_refused_by_name(string field, string members) => ShouldRefuse("/v1/chat/completions", field, Chat(members));

    [Theory]
    [InlineData("logprobs", """{"logprobs":0}""")]
    [InlineData("prompt_logprobs", """{"prompt_logprobs":1}""")]
    [InlineData("echo", """{"echo":true}""")]
    [InlineData("suffix", """{"suffix":"end"}""")]
    [InlineData("prompt_embeds", """{"prompt_embeds":"AAAA"}""")]
    [InlineData("return_token_ids", """{"return_token_ids":true}""")]
    [InlineData("structured_outputs", """{"structured_outputs":{"regex":"a+"}}""")]
    [InlineData("response_format", """{"response_format":{"type":"json_object"}}""")]
    public void A_field_of_a_completion_that_would_change_the_answer_is_refused_by_name(string field, string members) =>
        ShouldRefuse("/v1/completions", field, Merged("""{"prompt":"Hello","max_tokens":3}""", members));

    [Fact]
    public void A_completion_of_embeddings_alone_is_refused_by_name() => ShouldRefuse("/v1/completions", "prompt_embeds", JsonNode.Parse("""{"prompt_embeds":"AAAA"}""")!.AsObject());

    [Theory]
    [InlineData("""{"temperature":0.5,"top_p":0.9,"top_k":5,"min_p":0.1,"presence_penalty":1,"frequency_penalty":1,"repetition_penalty":1.1,"seed":7,"length_penalty":1}""")]
    [InlineData("""{"user":"u","metadata":{"a":"b"},"priority":3,"cache_salt":"mine","session_id":"s","request_id":"mine","vllm_xargs":{"a":1},"store":true}""")]
    [InlineData("""{"response_format":{"type":"text"},"logprobs":false,"top_logprobs":0,"echo":false,"return_token_ids":false,"use_beam_search":false,"stream_interval":1}""")]
    [InlineData("""{"tools":null,"tool_choice":null,"structured_outputs":null,"response_format":null,"logprobs":null,"prompt_logprobs":null,"echo":null,"return_token_ids":null,"documents":null,"chat_template":null}""")]
    [InlineData("""{"tool_choice":"none","parallel_tool_calls":true}""")]
    [InlineData($$"""{"tools":[{{Tool}}],"tool_choice":"none"}""")]
    [InlineData("""{"allowed_token_ids":[],"bad_words":[],"logit_bias":{},"documents":[],"logprob_token_ids":[]}""")]
    [InlineData("""{"skip_special_tokens":false,"spaces_between_special_tokens":false,"add_special_tokens":true,"truncate_prompt_tokens":-1,"truncation_side":"left"}""")]
    [InlineData("""{"include_reasoning":false,"reasoning_effort":"low","thinking_token_budget":5,"chat_template_kwargs":{"enable_thinking":false},"repetition_detection":{"max_pattern_size":4}}""")]
    [InlineData("""{"a_field_of_tomorrow":1}""")]
    public void A_field_that_changes_nothing_that_can_be_seen_is_accepted(string members)
    {
        Answer("/v1/chat/completions", Chat(members)).Status.ShouldBe(200);

        if (!members.Contains("logprobs", StringComparison.Ordinal)) Answer("/v1/completions", Merged("""{"prompt":"Hello","max_tokens":3}""", members)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("chat_template", """{"chat_template":"x"}""")]
    [InlineData("continue_final_message", """{"continue_final_message":true}""")]
    public void A_prompt_that_would_be_another_is_not_tokenized_either(string field, string members) =>
        ShouldRefuse("/tokenize", field, Merged("""{"messages":[{"role":"user","content":"Hello"}]}""", members));

    [Theory]
    [InlineData("fault=cut:5")]
    [InlineData("tokens=37; fault=cut:5")]
    [InlineData("tokens=many")]
    public void A_header_that_steers_what_is_not_built_is_refused(string steering)
    {
        using var client = _server.Client();

        var answer = _time.Run(() => Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(3), _time, ("x-simulator", steering)));

        answer.Status.ShouldBe(400);
        answer.Body.ShouldContain("x-simulator");
    }

    [Fact]
    public void A_value_of_the_wrong_kind_is_still_refused_in_the_words_of_vLLM()
    {
        Answer("/v1/chat/completions", Chat("""{"tools":"now"}""")).Body.ShouldContain("Input should be a valid list");
        Answer("/v1/chat/completions", Chat("""{"tools":[]}""")).Body.ShouldContain("`tools` must not be an empty array");
        Answer("/v1/chat/completions", Chat("""{"logprobs":true,"temperature":-1}""")).Body.ShouldContain("temperature must be non-negative");
    }

    static JsonObject Chat(string members) => Merged("""{"messages":[{"role":"user","content":"Hello"}],"max_tokens":3}""", members);

    static JsonObject Merged(string json, string members)
    {
        var all = JsonNode.Parse(json)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject()) all[name] = value?.DeepClone();
        return all;
    }

    Answer Answer(string path, JsonObject body)
    {
        using var client = _server.Client();
        return _time.Run(() => Ask.PostAsync(client, path, body.ToJsonString(), _time));
    }

    void ShouldRefuse(string path, string field, JsonObject body)
    {
        foreach (var stream in path == "/tokenize" ? [false] : new[] { false, true })
        {
            if (stream) body["stream"] = true;
            var answer = Answer(path, body);

            answer.Status.ShouldBe(400, answer.Body);
            var error = JsonNode.Parse(answer.Body)!["error"]!;
            (error["type"]!.GetValue<string>(), error["param"]!.GetValue<string>(), error["code"]!.GetValue<int>()).ShouldBe(("BadRequestError", field, 400));
            error["message"]!.GetValue<string>().ShouldContain("VllmClient.Simulator");
            error["message"]!.GetValue<string>().ShouldContain($"`{field}`");
        }

        if (path != "/tokenize") _server.Truth.Requests.ShouldAllBe(request => request.Outcome == RequestOutcome.Refused);
    }
}

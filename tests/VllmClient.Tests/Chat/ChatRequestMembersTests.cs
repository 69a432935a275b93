using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Vllm.Testing;

namespace Vllm.Tests.Chat;

/// <summary>Tools, parts and constraints as the server wants them, compared with JSON written by hand after its own schema.</summary>
public partial class ChatRequestMembersTests
{
    const string WeatherSchema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    readonly ScriptedHandler _handler = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("ok"));

    [Fact]
    public async Task Tools_and_the_choice_among_them()
    {
        var tool = ChatTool.Function("get_weather", "Looks outside.", JsonDocument.Parse(WeatherSchema).RootElement) with { Strict = true };

        var sent = await SentAsync(new() { Messages = ["Hi"], Tools = [tool, ChatTool.Function("now")], ToolChoice = ToolChoice.Function("get_weather"), ParallelToolCalls = false });

        ShouldBe(sent, $$$"""
            {"messages":[{"role":"user","content":"Hi"}],
             "tools":[{"type":"function","function":{"name":"get_weather","description":"Looks outside.","parameters":{{{WeatherSchema}}},"strict":true}},{"type":"function","function":{"name":"now"}}],
             "tool_choice":{"type":"function","function":{"name":"get_weather"}},"parallel_tool_calls":false}
            """);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("required")]
    [InlineData("none")]
    public async Task A_general_tool_choice_is_a_word(string word)
    {
        var sent = await SentAsync(new() { Messages = ["Hi"], Tools = [ChatTool.Function("now")], ToolChoice = new ToolChoice(word) });

        sent["tool_choice"]!.GetValue<string>().ShouldBe(word);
    }

    [Fact]
    public async Task An_empty_list_of_tools_is_not_sent_because_the_server_refuses_it()
    {
        var sent = await SentAsync(new() { Messages = ["Hi"], Tools = [], ToolChoice = ToolChoice.None });

        sent.ContainsKey("tools").ShouldBeFalse();
    }

    [Fact]
    public void A_tool_described_by_the_type_of_its_arguments_forbids_further_members()
    {
        var tool = ChatTool.Function("get_weather", null, WeatherTypes.Default.Weather);

        ShouldBe(JsonNode.Parse(tool.Parameters!.Value.GetRawText())!, """
            {"type":"object","properties":{"City":{"type":"string"},"Days":{"type":["integer","null"],"default":null}},"required":["City"],"additionalProperties":false}
            """);
    }

    [Fact]
    public void A_tool_taken_over_from_the_AI_extensions_keeps_name_description_and_schema()
    {
        var function = AIFunctionFactory.CreateDeclaration("get_weather", "Looks outside.", JsonDocument.Parse(WeatherSchema).RootElement);

        var tool = ChatTool.From(function);

        tool.Name.ShouldBe("get_weather");
        tool.Description.ShouldBe("Looks outside.");
        ShouldBe(JsonNode.Parse(tool.Parameters!.Value.GetRawText())!, WeatherSchema);
    }

    [Fact]
    public async Task Parts_of_every_kind()
    {
        var sent = await SentAsync(new()
        {
            Messages =
            [
                ChatMessage.User(
                    "Look:",
                    ImagePart.FromUrl("https://example.org/a.png") with { Detail = ImageDetail.Low, Uuid = "i1" },
                    ImagePart.FromBytes(new byte[] { 1, 2, 3 }, "image/png"),
                    ImagePart.FromUuid("i2"),
                    AudioPart.FromBytes(new byte[] { 4, 5 }, "wav"),
                    AudioPart.FromUrl("https://example.org/a.mp3"),
                    VideoPart.FromUrl("https://example.org/a.mp4"),
                    VideoPart.FromBytes(new byte[] { 6 }, "video/mp4"),
                    new RawPart(new() { ["type"] = "image_embeds", ["image_embeds"] = "AA==" })),
                ChatMessage.RawMessage(new() { ["role"] = "user", ["content"] = "raw", ["mood"] = "good" }),
            ],
        });

        ShouldBe(sent, """
            {"messages":[
              {"role":"user","content":[
                {"type":"text","text":"Look:"},
                {"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"low"},"uuid":"i1"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},
                {"type":"image_url","image_url":null,"uuid":"i2"},
                {"type":"input_audio","input_audio":{"data":"BAU=","format":"wav"}},
                {"type":"audio_url","audio_url":{"url":"https://example.org/a.mp3"}},
                {"type":"video_url","video_url":{"url":"https://example.org/a.mp4"}},
                {"type":"video_url","video_url":{"url":"data:video/mp4;base64,Bg=="}},
                {"type":"image_embeds","image_embeds":"AA=="}]},
              {"role":"user","content":"raw","mood":"good"}]}
            """);
    }

    [Fact]
    public void An_image_file_travels_as_its_bytes()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.JPG");
        File.WriteAllBytes(path, [255, 216]);
        try
        {
            ImagePart.FromFile(path).Url.ShouldBe("data:image/jpeg;base64,/9g=");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_data_URL_may_be_longer_than_a_Uri_may()
    {
        var url = "data:image/png;base64," + new string('A', 200_000);

        ImagePart.FromUrl(url).Url.ShouldBe(url);
        ResponsesPart.FromImageUrl(url).ImageUrl.ShouldBe(url);
    }

    [Fact]
    public void A_file_URI_is_refused_with_the_way_to_send_the_file()
    {
        Should.Throw<ArgumentException>(() => ImagePart.FromUrl("file:///tmp/a.png")).Message.ShouldContain("ImagePart.FromFile");
        Should.Throw<ArgumentException>(() => ImagePart.FromUrl("a.png")).Message.ShouldContain("relative");
        Should.Throw<ArgumentException>(() => ResponsesPart.FromImageUrl("file:///tmp/a.png")).Message.ShouldContain("file URI");
        Should.Throw<ArgumentException>(() => ImagePart.FromFile("picture.xyz")).Message.ShouldContain(".xyz");
        Should.Throw<ArgumentException>(() => AudioPart.FromBytes(default, "wav")).Message.ShouldContain("no bytes");
    }

    public static TheoryData<StructuredOutput, string> Constraints => new()
    {
        { StructuredOutput.Json(JsonDocument.Parse(WeatherSchema).RootElement), $$"""{"json":{{WeatherSchema}}}""" },
        { StructuredOutput.JsonObject(), """{"json_object":true}""" },
        { StructuredOutput.Regex("[a-z]+"), """{"regex":"[a-z]+"}""" },
        { StructuredOutput.Choice("yes", "no"), """{"choice":["yes","no"]}""" },
        { StructuredOutput.Grammar("root ::= \"a\""), """{"grammar":"root ::= \"a\""}""" },
        { StructuredOutput.StructuralTag("""{"type":"x"}"""), """{"structural_tag":"{\"type\":\"x\"}"}""" },
        { StructuredOutput.Regex("a") with { DisableAnyWhitespace = true, DisableAdditionalProperties = false, WhitespacePattern = " ?" }, """{"regex":"a","disable_any_whitespace":true,"disable_additional_properties":false,"whitespace_pattern":" ?"}""" },
    };

    [Theory]
    [MemberData(nameof(Constraints))]
    public async Task Constraints_are_sent_as_structured_outputs(StructuredOutput constraint, string expected)
    {
        var sent = await SentAsync(new() { Messages = ["Hi"], StructuredOutput = constraint });

        ShouldBe(sent["structured_outputs"]!, expected);
    }

    [Fact]
    public async Task Response_formats()
    {
        ShouldBe((await SentAsync(new() { Messages = ["Hi"], ResponseFormat = ResponseFormat.JsonObject }))["response_format"]!, """{"type":"json_object"}""");
        ShouldBe((await SentAsync(new() { Messages = ["Hi"], ResponseFormat = ResponseFormat.Text }))["response_format"]!, """{"type":"text"}""");
        ShouldBe(
            (await SentAsync(new() { Messages = ["Hi"], ResponseFormat = ResponseFormat.JsonSchema("List<Ä>", JsonDocument.Parse(WeatherSchema).RootElement, "d", strict: true) }))["response_format"]!,
            $$$"""{"type":"json_schema","json_schema":{"name":"List___","description":"d","schema":{{{WeatherSchema}}},"strict":true}}""");
    }

    [Fact]
    public async Task Everything_else_has_the_servers_name()
    {
        var sent = await SentAsync(new()
        {
            Messages = ["Hi"],
            Documents = [new Dictionary<string, string> { ["title"] = "T", ["text"] = "x" }],
            MediaIoKwargs = new() { ["video"] = new JsonObject { ["num_frames"] = 4 } },
            MmProcessorKwargs = new() { ["fps"] = 2 },
            KvTransferParams = new() { ["do_remote_decode"] = true },
            EcTransferParams = new() { ["a"] = 1 },
            VllmXargs = new() { ["b"] = "c" },
            RepetitionDetection = new() { MaxPatternSize = 8, MinPatternSize = 2, MinCount = 3 },
        });

        ShouldBe(sent, """
            {"messages":[{"role":"user","content":"Hi"}],"documents":[{"title":"T","text":"x"}],
             "media_io_kwargs":{"video":{"num_frames":4}},"mm_processor_kwargs":{"fps":2},
             "repetition_detection":{"max_pattern_size":8,"min_pattern_size":2,"min_count":3},
             "kv_transfer_params":{"do_remote_decode":true},"ec_transfer_params":{"a":1},"vllm_xargs":{"b":"c"}}
            """);
    }

    [Fact]
    public async Task A_prompt_may_be_embeddings()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, """{"id":"x","choices":[{"index":0,"text":"a","finish_reason":"stop"}]}""");
        using var client = handler.Client();

        await client.CompleteAsync(new() { PromptEmbeds = ["AAAA"] }, cancellationToken: TestContext.Current.CancellationToken);

        handler.Request.Text.ShouldBe("""{"prompt_embeds":"AAAA"}""");
    }

    public static TheoryData<ChatRequest, string> Contradictions => new()
    {
        { new() { Messages = ["Hi"], ToolChoice = ToolChoice.Required }, "Tools is empty" },
        { new() { Messages = ["Hi"], ToolChoice = ToolChoice.Auto, Tools = [] }, "Tools is empty" },
        { new() { Messages = ["Hi"], ToolChoice = ToolChoice.Function("b"), Tools = [ChatTool.Function("a")] }, "'b'" },
        { new() { Messages = ["Hi"], ToolChoice = default(ToolChoice), Tools = [ChatTool.Function("a")] }, "ToolChoice is empty" },
        { new() { Messages = ["Hi"], ResponseFormat = ResponseFormat.JsonObject, StructuredOutput = StructuredOutput.JsonObject() }, "StructuredOutput" },
        { new() { Messages = [new() { Role = ChatRole.User, Content = "a", Parts = ["b"] }] }, "Messages[0]" },
        { new() { Messages = ["Hi"], ExtraBody = new() { ["guided_regex"] = "a" } }, "StructuredOutput.Regex" },
        { new() { Messages = ["Hi"], ExtraBody = new() { ["guided_choice"] = "a" } }, "StructuredOutput.Choice" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public async Task What_contradicts_itself_is_refused(ChatRequest request, string named)
    {
        using var client = _handler.Client();

        (await Should.ThrowAsync<ArgumentException>(() => client.ChatAsync(request))).Message.ShouldContain(named);
        _handler.Requests.ShouldBeEmpty();
    }

    async Task<JsonObject> SentAsync(ChatRequest request)
    {
        using var client = _handler.Client();
        await client.ChatAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        return _handler.Requests[^1].Json;
    }

    static void ShouldBe(JsonNode actual, string expected)
    {
        if (!JsonNode.DeepEquals(actual, JsonNode.Parse(expected))) actual.ToJsonString().ShouldBe(JsonNode.Parse(expected)!.ToJsonString());
    }

    public sealed record Weather(string City, int? Days = null);

    [JsonSerializable(typeof(Weather))]
    public sealed partial class WeatherTypes : JsonSerializerContext;
}

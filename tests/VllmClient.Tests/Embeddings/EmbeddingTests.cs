using System.Net;
using System.Runtime.InteropServices;
using Vllm.Testing;

namespace Vllm.Tests.Embeddings;

/// <summary>Forms of vectors, and what servers and gateways make of them.</summary>
public class EmbeddingTests
{
    /// <summary>1, -2 and 0.5 in each form, worked out by hand.</summary>
    public static TheoryData<VectorNumberType, VectorByteOrder, string> Forms => new()
    {
        { VectorNumberType.F32, VectorByteOrder.Little, "0000803f000000c00000003f" },
        { VectorNumberType.F32, VectorByteOrder.Big, "3f800000c00000003f000000" },
        { VectorNumberType.F16, VectorByteOrder.Little, "003c00c00038" },
        { VectorNumberType.F16, VectorByteOrder.Big, "3c00c0003800" },
        { VectorNumberType.BF16, VectorByteOrder.Little, "803f00c0003f" },
        { VectorNumberType.BF16, VectorByteOrder.Big, "3f80c0003f00" },
        { VectorNumberType.F8E4M3, VectorByteOrder.Little, "38c030" },
        { VectorNumberType.F8E5M2, VectorByteOrder.Little, "3cc038" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Base64_of_every_number_type(VectorNumberType type, VectorByteOrder order, string hex)
    {
        var handler = Answering($$"""{"data":[{"index":0,"embedding":"{{Convert.ToBase64String(Convert.FromHexString(hex))}}"}]}""");
        using var client = handler.Client();

        var result = await client.EmbedAsync(new() { Input = "x", EmbedDType = type, Endianness = order }, cancellationToken: TestContext.Current.CancellationToken);

        result.Data[0].Vector.ToArray().ShouldBe([1f, -2f, 0.5f]);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Bytes_of_every_number_type(VectorNumberType type, VectorByteOrder order, string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var (name, end) = (Names[type], order == VectorByteOrder.Big ? "big" : "little");
        var metadata = $$"""{"id":"e","data":[{"index":0,"embed_dtype":"{{name}}","endianness":"{{end}}","start":0,"end":{{bytes.Length}},"shape":[3]}]}""";
        using var client = Bytes(bytes, metadata).Client();

        var result = await client.EmbedAsync(new() { Input = "x", EncodingFormat = VectorEncoding.Bytes, EmbedDType = type, Endianness = order }, cancellationToken: TestContext.Current.CancellationToken);

        result.Data[0].Vector.ToArray().ShouldBe([1f, -2f, 0.5f]);
    }

    [Fact]
    public async Task The_least_and_the_most_that_8_bits_can_say()
    {
        // 2^-9, 448, no number, -0; then 2^-16, 57344, infinity.
        var small = Convert.ToBase64String(Convert.FromHexString("017e7f80"));
        var wide = Convert.ToBase64String(Convert.FromHexString("017b7c"));
        var handler = Answering($$"""{"data":[{"embedding":"{{small}}"}]}""").Answers(HttpStatusCode.OK, $$"""{"data":[{"embedding":"{{wide}}"}]}""");
        using var client = handler.Client();

        var first = await client.EmbedAsync(new() { Input = "x", EmbedDType = VectorNumberType.F8E4M3 }, cancellationToken: TestContext.Current.CancellationToken);
        var second = await client.EmbedAsync(new() { Input = "x", EmbedDType = VectorNumberType.F8E5M2 }, cancellationToken: TestContext.Current.CancellationToken);

        first.Data[0].Vector.ToArray().ShouldBe([0.001953125f, 448f, float.NaN, -0f]);
        second.Data[0].Vector.ToArray().ShouldBe([0.0000152587890625f, 57344f, float.PositiveInfinity]);
    }

    [Fact]
    public async Task Further_members_say_how_bytes_are_to_be_read()
    {
        var handler = Answering($$"""{"data":[{"embedding":"{{Convert.ToBase64String([0x3c, 0x00])}}"}]}""");
        using var client = handler.Client();

        var result = await client.EmbedAsync(
            new() { Input = "x", ExtraBody = new() { ["embed_dtype"] = "float16", ["endianness"] = "big", ["more"] = true } }, cancellationToken: TestContext.Current.CancellationToken);

        result.Data[0].Vector.ToArray().ShouldBe([1f]);
        handler.Request.Text.ShouldBe("""{"input":"x","encoding_format":"base64","embed_dtype":"float16","endianness":"big","more":true}""");
    }

    [Fact]
    public async Task Everything_is_sent_under_the_servers_name()
    {
        var handler = Answering("""{"data":[]}""");
        using var client = handler.Client();

        await client.EmbedAsync(
            new()
            {
                Model = "m",
                Messages = ["Hi"],
                Dimensions = 8,
                EncodingFormat = VectorEncoding.Bytes,
                EmbedDType = VectorNumberType.BF16,
                Endianness = VectorByteOrder.Big,
                AddSpecialTokens = false,
                AddGenerationPrompt = true,
                ContinueFinalMessage = false,
                ChatTemplate = "t",
                ChatTemplateKwargs = new() { ["a"] = 1 },
                MediaIoKwargs = new() { ["b"] = 2 },
                MmProcessorKwargs = new() { ["c"] = 3 },
                TruncatePromptTokens = 0,
                TruncationSide = TruncationSide.Left,
                UseActivation = false,
                Priority = 0,
                CacheSalt = "s",
                User = "u",
                ExtraBody = new() { ["user"] = "other", ["d"] = null },
            },
            cancellationToken: TestContext.Current.CancellationToken);

        handler.Request.Text.ShouldBe(
            """{"model":"m","messages":[{"role":"user","content":"Hi"}],"add_special_tokens":false,"add_generation_prompt":true,"continue_final_message":false,"chat_template":"t","chat_template_kwargs":{"a":1},"media_io_kwargs":{"b":2},"dimensions":8,"encoding_format":"bytes","embed_dtype":"bfloat16","endianness":"big","truncate_prompt_tokens":0,"truncation_side":"left","use_activation":false,"priority":0,"cache_salt":"s","mm_processor_kwargs":{"c":3},"user":"other","d":null}""");
        handler.Request.Path.ShouldBe("/v1/embeddings");
    }

    [Fact]
    public async Task A_text_alone_sends_nothing_else()
    {
        var handler = Answering("""{"data":[]}""");
        using var client = handler.Client();

        await client.EmbedAsync("Hello", cancellationToken: TestContext.Current.CancellationToken);

        handler.Request.Text.ShouldBe("""{"input":"Hello","encoding_format":"base64"}""");
    }

    [Theory]
    [InlineData("one", """["a"]""")]
    [InlineData("ids", """[1,2]""")]
    [InlineData("lists", """[[1,2],[3]]""")]
    [InlineData("text", "\"a\"")]
    public async Task Inputs_keep_their_form(string form, string expected)
    {
        var handler = Answering("""{"data":[]}""");
        using var client = handler.Client();
        var input = form switch
        {
            "one" => PoolingInput.FromTexts("a"),
            "ids" => PoolingInput.FromTokenIds(1, 2),
            "lists" => PoolingInput.FromTokenIdLists([1, 2], [3]),
            _ => PoolingInput.FromText("a"),
        };

        await client.EmbedAsync(new() { Input = input }, cancellationToken: TestContext.Current.CancellationToken);

        handler.Request.Json["input"]!.ToJsonString().ShouldBe(expected);
    }

    [Fact]
    public async Task What_a_gateway_leaves_out_is_absent_and_what_it_adds_is_kept()
    {
        using var client = Answering("""{"data":[{"embedding":[1,2]},{"embedding":[null,3],"more":1}],"usage":null,"model":null,"cost":0.5}""").Client();

        var result = await client.EmbedAsync("x", cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("");
        result.Model.ShouldBe("");
        result.Created.ShouldBeNull();
        result.Usage.ShouldBeNull();
        result.Data.Select(item => item.Index).ShouldBe([0, 1]);
        result.Data[0].Vector.ToArray().ShouldBe([1f, 2f]);
        result.Data[1].Vector.ToArray().ShouldBe([float.NaN, 3f]);
        result.AdditionalProperties.ShouldHaveSingleItem().Key.ShouldBe("cost");
    }

    [Fact]
    public async Task Order_and_index_are_the_servers()
    {
        using var client = Answering("""{"usage":{"prompt_tokens":3,"total_tokens":3},"data":[{"embedding":[1],"index":1},{"index":0,"embedding":[2]}],"model":"m","id":"i"}""").Client();

        var result = await client.EmbedAsync("x", cancellationToken: TestContext.Current.CancellationToken);

        result.Data.Select(item => item.Index).ShouldBe([1, 0]);
        result.Usage.ShouldBe(new Usage { PromptTokens = 3, TotalTokens = 3 });
        result.Usage!.CompletionTokens.ShouldBeNull();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":[{"index":0}]}""")]
    [InlineData("""{"data":[{"embedding":"AAA"}]}""")]
    [InlineData("""{"data":[{"embedding":"AAAA"}]}""")]
    [InlineData("""{"data":[{"embedding":null}]}""")]
    [InlineData("""{"data":[{"embedding":[1,"2"]}]}""")]
    [InlineData("""{"data":[]} x""")]
    [InlineData("""{"data":[],"error":{"message":"No."}}""")]
    [InlineData("""{"data":[],"\ud800":1}""")]
    public async Task What_is_no_answer_is_an_exception(string body)
    {
        using var client = Answering(body).Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.EmbedAsync("x"));

        failure.StatusCode.ShouldBe(200);
        failure.Endpoint!.AbsolutePath.ShouldBe("/v1/embeddings");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"data":[{"start":0,"end":8}]}""")]
    [InlineData("""{"data":[{"start":2,"end":1}]}""")]
    [InlineData("""{"data":[{"start":-4,"end":4}]}""")]
    [InlineData("""{"data":[{"end":4}]}""")]
    [InlineData("""{"data":[{"start":0,"end":3}]}""")]
    [InlineData("""{"data":[{"start":0,"end":4,"embed_dtype":"int4"}]}""")]
    public async Task Bytes_that_their_header_does_not_describe_are_no_answer(string metadata)
    {
        using var client = Bytes([0, 0, 128, 63], metadata).Client();

        await Should.ThrowAsync<VllmApiException>(() => client.EmbedAsync(new() { Input = "x", EncodingFormat = VectorEncoding.Bytes }));
    }

    [Fact]
    public async Task A_thousand_vectors_as_bytes_come_with_a_long_header()
    {
        var items = string.Join(", ", Enumerable.Range(0, 1000).Select(i =>
            $$"""{"index": {{i}}, "embed_dtype": "float32", "endianness": "little", "start": {{i * 4}}, "end": {{(i * 4) + 4}}, "shape": [1]}"""));
        var body = MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, 1000).Select(i => (float)i)]).ToArray();
        var head = $"HTTP/1.1 200 OK\r\nmetadata: {{\"data\": [{items}]}}\r\ncontent-type: application/octet-stream\r\ncontent-length: 4000\r\n\r\n";
        await using var server = new ScriptedServer([ServerStep.Send(System.Text.Encoding.ASCII.GetBytes(head)), ServerStep.Send(body)]);
        using var client = server.Client();

        var result = await client.EmbedAsync(new() { Input = "x", EncodingFormat = VectorEncoding.Bytes }, cancellationToken: TestContext.Current.CancellationToken);

        result.Data.Select(item => item.Vector.Span[0]).ShouldBe(Enumerable.Range(0, 1000).Select(i => (float)i));
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_with_the_same_bytes()
    {
        var handler = new ScriptedHandler()
            .Answers(HttpStatusCode.ServiceUnavailable, """{"error":{"message":"busy","code":503}}""", headers: ("Retry-After", "0"))
            .Answers(HttpStatusCode.OK, """{"data":[{"embedding":[1]}]}""");
        using var client = handler.Client();

        var result = await client.EmbedAsync("x", cancellationToken: TestContext.Current.CancellationToken);

        result.Info.Attempts.ShouldBe(2);
        handler.Requests[0].Body.ShouldBe(handler.Requests[1].Body);
    }

    static readonly Dictionary<VectorNumberType, string> Names = new()
    {
        [VectorNumberType.F32] = "float32",
        [VectorNumberType.F16] = "float16",
        [VectorNumberType.BF16] = "bfloat16",
        [VectorNumberType.F8E4M3] = "fp8_e4m3",
        [VectorNumberType.F8E5M2] = "fp8_e5m2",
    };

    static ScriptedHandler Answering(string body) => new ScriptedHandler().Answers(HttpStatusCode.OK, body);

    static ScriptedHandler Bytes(byte[] body, string metadata) => new ScriptedHandler().Answers(() =>
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
        response.Content.Headers.TryAddWithoutValidation("content-type", "application/octet-stream");
        if (metadata.Length > 0) response.Headers.TryAddWithoutValidation("metadata", metadata);
        return response;
    });
}

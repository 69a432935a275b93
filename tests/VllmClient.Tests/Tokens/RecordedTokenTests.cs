using System.Text.Json.Nodes;
using Vllm.Testing;

namespace Vllm.Tests.Tokens;

/// <summary>The recorded exchanges about tokens.</summary>
public class RecordedTokenTests
{
    [Fact]
    public async Task Tokens_of_a_text_with_their_spelling()
    {
        await using var server = ReplayServer.Of("tokenize-prompt");
        using var client = server.Client();

        var result = await client.TokenizeAsync(new() { Model = "tiny", Prompt = "Hello 世界", ReturnTokenStrings = true }, cancellationToken: TestContext.Current.CancellationToken);

        result.Count.ShouldBe(9);
        result.MaxModelLength.ShouldBe(16384);
        result.Tokens.ShouldBe([2904, 351, 223, 163, 119, 247, 166, 246, 237]);
        result.TokenStrings.ShouldBe(["Hel", "lo", "Ġ", "ä", "¸", "ĸ", "ç", "ķ", "Į"]);
        result.AdditionalProperties.ShouldBeEmpty();
        result.Info.Headers["x-request-id"].ShouldBe("ed59bd0284c04512b37779ffa53c4c57");
        server.Request.ShouldBeLike("tokenize-prompt");
    }

    [Fact]
    public async Task Tokens_of_a_conversation()
    {
        await using var server = ReplayServer.Of("tokenize-messages");
        using var client = server.Client();

        var result = await client.TokenizeAsync(
            new() { Model = "tiny", Messages = ["Hello"], ChatTemplateKwargs = new() { ["enable_thinking"] = false } }, cancellationToken: TestContext.Current.CancellationToken);

        result.Count.ShouldBe(18);
        result.MaxModelLength.ShouldBe(16384);
        result.Tokens.ShouldBe([1, 1522, 201, 2904, 351, 2, 201, 1, 3739, 443, 842, 201, 8000, 201, 201, 8001, 201, 201]);
        result.TokenStrings.ShouldBeNull();
        server.Request.ShouldBeLike("tokenize-messages");
    }

    [Fact]
    public async Task Tokens_of_an_embedding_model()
    {
        await using var server = ReplayServer.Of("embedding-tokenize");
        using var client = server.Client(options => options.DefaultModel = "minilm");

        var result = await client.TokenizeAsync("a cat", cancellationToken: TestContext.Current.CancellationToken);

        result.Count.ShouldBe(4);
        result.MaxModelLength.ShouldBe(256);
        result.Tokens.ShouldBe([101, 1037, 4937, 102]);
        server.Request.ShouldBeLike("embedding-tokenize");
    }

    [Fact]
    public async Task Text_of_tokens()
    {
        await using var server = ReplayServer.Of("detokenize");
        using var client = server.Client();

        var text = await client.DetokenizeAsync(new() { Model = "tiny", Tokens = [300, 301, 302] }, cancellationToken: TestContext.Current.CancellationToken);

        text.Text.ShouldBe("cting b");
        text.Info.StatusCode.ShouldBe(200);
        server.Request.ShouldBeLike("detokenize");
    }

    [Fact]
    public async Task Everything_that_can_be_said_of_a_conversation_is_sent()
    {
        var handler = new ScriptedHandler().Answers(System.Net.HttpStatusCode.OK, """{"tokens":[1,2],"future":{"a":1}}""");
        using var client = handler.Client();
        var request = new TokenizeRequest
        {
            Messages = [ChatMessage.System("Be brief."), "Hi"],
            Tools = [],
            AddSpecialTokens = true,
            ReturnTokenStrings = false,
            ContinueFinalMessage = true,
            ChatTemplate = "t",
            ChatTemplateKwargs = new() { ["a"] = 1 },
            MediaIoKwargs = new() { ["b"] = 2 },
            MmProcessorKwargs = new() { ["c"] = 3 },
            ExtraBody = new() { ["chat_template"] = "mine", ["d"] = 4 },
        };

        var result = await client.TokenizeAsync(request, cancellationToken: TestContext.Current.CancellationToken);

        handler.Request.Text.ShouldBe(
            """{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"add_special_tokens":true,"return_token_strs":false,"add_generation_prompt":false,"continue_final_message":true,"chat_template_kwargs":{"a":1},"media_io_kwargs":{"b":2},"mm_processor_kwargs":{"c":3},"chat_template":"mine","d":4}""");
        result.Count.ShouldBe(2);
        result.MaxModelLength.ShouldBeNull();
        result.AdditionalProperties["future"].GetProperty("a").GetInt32().ShouldBe(1);
        JsonNode.Parse(handler.Request.Text)!.AsObject().Count.ShouldBe(10);
    }
}

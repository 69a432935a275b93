using System.Net;
using System.Text.Json.Nodes;
using Vllm.Testing;

namespace Vllm.Tests.Ranking;

/// <summary>Answers of pooling models that were not recorded, and their variants.</summary>
public class RankingTests
{
    [Fact]
    public async Task Classes_and_their_probabilities()
    {
        var handler = Answering(
            """{"id":"classify-1","object":"list","created":1745383065,"model":"m","data":[{"index":0,"label":"Default","probs":[0.25,0.75],"num_classes":2},{"index":1,"label":null,"probs":[1e0,null],"num_classes":2}],"usage":{"prompt_tokens":12,"total_tokens":12,"completion_tokens":0,"prompt_tokens_details":null}}""");
        using var client = handler.Client();

        var result = await client.ClassifyAsync(new() { Model = "m", Input = new[] { "a", "b" } }, cancellationToken: TestContext.Current.CancellationToken);

        handler.Request.Path.ShouldBe("/classify");
        handler.Request.Text.ShouldBe("""{"model":"m","input":["a","b"]}""");
        result.Id.ShouldBe("classify-1");
        result.Created.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1745383065));
        result.Usage.ShouldBe(new Usage { PromptTokens = 12, TotalTokens = 12, CompletionTokens = 0 });
        result.Data.Select(item => item.Index).ShouldBe([0, 1]);
        result.Data.Select(item => item.Label).ShouldBe(["Default", null]);
        result.Data.Select(item => item.ClassCount).ShouldBe([2, 2]);
        result.Data[0].Probabilities.ShouldBe([0.25, 0.75]);
        result.Data[1].Probabilities.ShouldBe([1, double.NaN]);
    }

    public static TheoryData<string, string, float[]> Tables => new()
    {
        { "0.5", "", [0.5f] },
        { "[]", "0", [] },
        { "[1,2,3]", "3", [1, 2, 3] },
        { "[[1,2],[3,4],[5,6]]", "3,2", [1, 2, 3, 4, 5, 6] },
        { "[[[1],[2]],[[3],[4]]]", "2,2,1", [1, 2, 3, 4] },
        { "[[],[]]", "2,0", [] },
        { "[null,1]", "2", [float.NaN, 1] },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Numbers_at_any_depth(string data, string shape, float[] values)
    {
        using var client = Answering($$"""{"data":[{"index":0,"data":{{data}}}]}""").Client();

        var item = (await client.PoolAsync("x", cancellationToken: TestContext.Current.CancellationToken)).Data.ShouldHaveSingleItem();

        string.Join(',', item.Shape).ShouldBe(shape);
        item.Values.ToArray().ShouldBe(values);
        item.Raw.ShouldBeNull();
    }

    [Theory]
    [InlineData("[[1,2],[3]]")]
    [InlineData("[1,[2]]")]
    [InlineData("[[1],2]")]
    [InlineData("[[],1]")]
    [InlineData("[[[]],[1]]")]
    [InlineData("""{"a":[1]}""")]
    [InlineData("\"AACAPw==\"")]
    [InlineData("[1,true]")]
    [InlineData("null")]
    public async Task What_is_no_table_comes_as_it_is(string data)
    {
        using var client = Answering($$"""{"data":[{"index":4,"data":{{data}}}]}""").Client();

        var item = (await client.PoolAsync("x", cancellationToken: TestContext.Current.CancellationToken)).Data.ShouldHaveSingleItem();

        item.Index.ShouldBe(4);
        item.Values.IsEmpty.ShouldBeTrue();
        item.Shape.ShouldBeEmpty();
        item.Raw!.Value.GetRawText().ShouldBe(data);
    }

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("""[0.5,0.25]""")]
    [InlineData("\"text\"")]
    [InlineData("7")]
    public async Task A_plug_in_may_answer_anything(string data)
    {
        var handler = Answering($$"""{"request_id":"r","created_at":1,"data":{{data}}}""");
        using var client = handler.Client();

        var result = await client.PoolAsync(new() { Task = "plugin", ExtraBody = new() { ["data"] = new JsonObject { ["image"] = "x" } } }, cancellationToken: TestContext.Current.CancellationToken);

        result.Data.ShouldHaveSingleItem().Raw!.Value.GetRawText().ShouldBe(data);
        result.AdditionalProperties.Keys.ShouldBe(["request_id", "created_at"]);
        handler.Request.Text.ShouldBe("""{"task":"plugin","data":{"image":"x"}}""");
    }

    [Fact]
    public async Task A_plug_in_may_answer_a_list_of_objects()
    {
        using var client = Answering("""{"data":[{"label":"cat"},{"label":"dog"}]}""").Client();

        var result = await client.PoolAsync("x", cancellationToken: TestContext.Current.CancellationToken);

        result.Data.Select(item => item.Raw!.Value.GetProperty("label").GetString()).ShouldBe(["cat", "dog"]);
    }

    [Fact]
    public async Task Pooling_as_base64_if_asked_for()
    {
        var handler = Answering("""{"data":[{"index":0,"data":"AACAPwAAAEA="}]}""");
        using var client = handler.Client();

        var result = await client.PoolAsync(new() { Input = "x", EncodingFormat = VectorEncoding.Base64, Dimensions = 2 }, cancellationToken: TestContext.Current.CancellationToken);

        result.Data[0].Values.ToArray().ShouldBe([1f, 2f]);
        result.Data[0].Shape.ShouldBe([2]);
        handler.Request.Text.ShouldBe("""{"input":"x","dimensions":2,"encoding_format":"base64"}""");
        handler.Request.Path.ShouldBe("/pooling");
    }

    [Fact]
    public async Task Pooling_as_bytes_keeps_its_shape()
    {
        var handler = new ScriptedHandler().Answers(() =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([0, 60, 0, 64, 0, 66, 0, 68]) };
            response.Content.Headers.TryAddWithoutValidation("content-type", "application/octet-stream");
            response.Headers.TryAddWithoutValidation("metadata", """{"id":"p","model":"m","data":[{"index":0,"embed_dtype":"float16","start":0,"end":8,"shape":[2,2]}]}""");
            return response;
        });
        using var client = handler.Client();

        var result = await client.PoolAsync(new() { Input = "x", Task = "token_embed", EncodingFormat = VectorEncoding.Bytes }, cancellationToken: TestContext.Current.CancellationToken);

        result.Data[0].Shape.ShouldBe([2, 2]);
        result.Data[0].Values.ToArray().ShouldBe([1f, 2f, 3f, 4f]);
        result.Model.ShouldBe("m");
    }

    [Fact]
    public async Task A_score_that_is_no_number_is_absent()
    {
        using var client = Answering("""{"data":[{"index":0,"score":null},{"score":"high"},{}]}""").Client();

        var result = await client.ScoreAsync(new() { Queries = ["a"], Documents = ["b", "c", "d"] }, cancellationToken: TestContext.Current.CancellationToken);

        result.Data.ShouldBe([new() { Index = 0 }, new() { Index = 1 }, new() { Index = 2 }]);
    }

    [Fact]
    public async Task Gateways_word_documents_in_their_own_way()
    {
        using var client = Answering(
            """{"results":[{"relevance_score":0.5,"document":"text"},{"index":3,"relevance_score":0.25},{"index":1,"document":{"text":null,"multi_modal":[{"type":"image_url"}]}},{"document":7}],"meta":{"a":1}}""").Client();

        var result = await client.RerankAsync(new() { Query = "q", Documents = ["a"] }, cancellationToken: TestContext.Current.CancellationToken);

        result.Results.Select(item => item.Index).ShouldBe([0, 3, 1, 3]);
        result.Results.Select(item => item.RelevanceScore).ShouldBe([0.5, 0.25, null, null]);
        result.Results.Select(item => item.Text).ShouldBe(["text", null, null, null]);
        result.Results[2].MultiModal!.Value[0].GetProperty("type").GetString().ShouldBe("image_url");
        result.AdditionalProperties.Keys.ShouldBe(["meta"]);
    }

    [Fact]
    public async Task Further_members_replace_what_is_typed()
    {
        var handler = Answering("""{"results":[]}""");
        using var client = handler.Client(options => options.DefaultModel = "d");

        await client.RerankAsync(
            new() { Query = "q", Documents = [], UseActivation = true, TruncatePromptTokens = 5, ExtraBody = new() { ["documents"] = new JsonArray(new JsonObject { ["content"] = 1 }) } },
            cancellationToken: TestContext.Current.CancellationToken);

        handler.Request.Text.ShouldBe("""{"model":"d","query":"q","truncate_prompt_tokens":5,"use_activation":true,"documents":[{"content":1}]}""");
    }

    [Theory]
    [InlineData("error-path-404")]
    [InlineData("error-embeddings-on-generate-model")]
    public async Task A_model_that_cannot_do_it_is_said_to_be_so(string recording)
    {
        using var client = new ScriptedHandler().Answers(Recording.Load(recording)).Client();
        Func<Task>[] calls =
        [
            () => client.RerankAsync(new() { Query = "q", Documents = ["d"] }), () => client.ScoreAsync(new() { Queries = ["q"], Documents = ["d"] }),
            () => client.ClassifyAsync("x"), () => client.PoolAsync("x"), () => client.EmbedAsync("x"),
        ];

        foreach (var call in calls)
        {
            var failure = await Should.ThrowAsync<VllmApiException>(call);
            failure.IsUnsupported.ShouldBeTrue();
            failure.Message.ShouldContain("does not serve the route for its model");
        }
    }

    static ScriptedHandler Answering(string body) => new ScriptedHandler().Answers(HttpStatusCode.OK, body);
}

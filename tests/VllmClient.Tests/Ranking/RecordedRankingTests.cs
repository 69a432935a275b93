using Vllm.Testing;
using Vllm.Tests.Embeddings;

namespace Vllm.Tests.Ranking;

/// <summary>The recorded exchanges of ranking, scoring and pooling.</summary>
public class RecordedRankingTests
{
    static readonly string[] Texts = ["Ein Satz", "a cat", "a kitten plays", "quarterly revenue"];

    [Fact]
    public async Task Documents_best_first()
    {
        await using var server = ReplayServer.Of("rerank");
        using var client = server.Client();

        var result = await client.RerankAsync(new() { Model = "minilm", Query = "a cat", Documents = Texts, TopN = 2 }, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("score-82ba20e4923fa692");
        result.Model.ShouldBe("minilm");
        result.Created.ShouldBeNull();
        result.Usage.ShouldBe(new Usage { PromptTokens = 22, TotalTokens = 22 });
        result.Results.ShouldBe([
            new() { Index = 1, RelevanceScore = 1.0000001192092896, Text = "a cat" },
            new() { Index = 2, RelevanceScore = 0.6167457103729248, Text = "a kitten plays" }]);
        result.AdditionalProperties.ShouldBeEmpty();
        result.Info.StatusCode.ShouldBe(200);
        server.Request.ShouldBeLike("rerank", "/rerank");
    }

    [Fact]
    public async Task Scores_of_one_text_against_four()
    {
        await using var server = ReplayServer.Of("score-pairs");
        using var client = server.Client();

        var result = await client.ScoreAsync(new() { Model = "minilm", Queries = ["a cat"], Documents = Texts }, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("score-8f7fe5ca185bd7b4");
        result.Model.ShouldBe("minilm");
        result.Created.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795493687));
        result.Usage.ShouldBe(new Usage { PromptTokens = 22, TotalTokens = 22, CompletionTokens = 0 });
        result.Data.ShouldBe([
            new() { Index = 0, Score = 0.061495423316955566 },
            new() { Index = 1, Score = 1.0000001192092896 },
            new() { Index = 2, Score = 0.6167457103729248 },
            new() { Index = 3, Score = 0.11029065400362015 }]);
        result.AdditionalProperties.ShouldBeEmpty();
        server.Request.ShouldBeLike("score-pairs", members: ("text_1", new System.Text.Json.Nodes.JsonArray("a cat")));
    }

    [Fact]
    public async Task What_the_last_layer_says()
    {
        await using var server = ReplayServer.Of("pooling");
        using var client = server.Client();

        var result = await client.PoolAsync(new() { Model = "minilm", Input = "a cat", Task = "embed" }, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("pooling-9ff547de4c041642");
        result.Model.ShouldBe("minilm");
        result.Created.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795493687));
        result.Usage.ShouldBe(new Usage { PromptTokens = 4, TotalTokens = 4, CompletionTokens = 0 });
        var item = result.Data.ShouldHaveSingleItem();
        item.Index.ShouldBe(0);
        item.Shape.ShouldBe([384]);
        item.Raw.ShouldBeNull();
        RecordedEmbeddingTests.Hash(item.Values).ShouldBe("51f7459218931a14f8ec614b226632e1bc268fc4f9e75eb179f28d09cf25428c");
        result.AdditionalProperties.ShouldBeEmpty();
        server.Request.ShouldBeLike("pooling");
    }

    [Fact]
    public async Task A_scoring_endpoint_without_a_method_of_its_own()
    {
        await using var server = ReplayServer.Of("generative-scoring");
        using var client = server.Client();
        var body = System.Text.Json.Nodes.JsonNode.Parse(Recording.Load("generative-scoring").RequestBody);

        var answer = await client.SendAsync(HttpMethod.Post, "/generative_scoring", body, cancellationToken: TestContext.Current.CancellationToken);

        answer.GetProperty("id").GetString().ShouldBe("generative-scoring-a21259e44d91b9c1");
        answer.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("score").GetDouble()).ShouldBe([0.4151803919880997, 0.5515737314522255]);
        answer.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(14);
        server.Request.ShouldBeLike("generative-scoring");
    }
}

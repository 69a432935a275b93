using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Vllm.Testing;

namespace Vllm.Tests.Embeddings;

/// <summary>Every recorded exchange of <c>/v1/embeddings</c>. The hashes are those of the 32-bit numbers, lowest byte first, and were taken from the recordings by another program.</summary>
public class RecordedEmbeddingTests
{
    static readonly string[] Texts = ["Ein Satz", "a cat", "a kitten plays", "quarterly revenue"];

    static readonly string[] Hashes =
    [
        "ee8b9354b73e74923864dae7d95483988c3e0a52699b887901aec52815ff8841",
        "51f7459218931a14f8ec614b226632e1bc268fc4f9e75eb179f28d09cf25428c",
        "aa9df52da46b728bdd0f4c63422e770a6ff58ce30584881be48b968533ab046a",
        "6eb3332d2e283df61c35a67753cb4ae482d46325783bebce82fa6294ab6979ae",
    ];

    static readonly string[] HalfHashes =
    [
        "6fd341091ce5bd00afc04bf138ad2466d12108d476634032d8a05b42c181aa4a",
        "52c5080bf73831ecc158c5e4271025292f3d44471f4c2f1f8c7f3010f60a0886",
        "be45e61ce41305dbd9aad71a4225d4772e191d34fcb4e26d04c2d4221f423e50",
        "56f72cb630bf85404201939f0e587dd5269d89db035dd46264d96cd6dba789e7",
    ];

    [Fact]
    public async Task Base64_is_asked_for_unless_something_else_is()
    {
        await using var server = ReplayServer.Of("embeddings-base64");
        using var client = server.Client();

        var result = await client.EmbedAsync(new() { Model = "minilm", Input = Texts, Endianness = VectorByteOrder.Little }, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("embd-b8414da54ed25e42");
        ShouldBeTheFour(result);
        server.Request.ShouldBeLike("embeddings-base64");
    }

    [Fact]
    public async Task Decimal_numbers_give_the_same_bits()
    {
        await using var server = ReplayServer.Of("embeddings-float");
        using var client = server.Client();

        var result = await client.EmbedAsync(new() { Model = "minilm", Input = Texts, EncodingFormat = VectorEncoding.Numbers }, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("embd-95162871b546654c");
        ShouldBeTheFour(result);
        server.Request.ShouldBeLike("embeddings-float", members: ("encoding_format", "float"));
    }

    [Fact]
    public async Task Numbers_are_understood_where_base64_was_asked_for()
    {
        await using var server = ReplayServer.Of("embeddings-float");
        using var client = server.Client();

        var result = await client.EmbedAsync(new() { Input = Texts }, cancellationToken: TestContext.Current.CancellationToken);

        result.Data.Select(item => Hash(item.Vector)).ShouldBe(Hashes);
    }

    [Fact]
    public async Task Bytes_are_read_as_their_header_describes_them()
    {
        await using var server = ReplayServer.Of("embeddings-bytes");
        using var client = server.Client();
        var request = new EmbeddingRequest
        {
            Model = "minilm",
            Input = Texts,
            EncodingFormat = VectorEncoding.Bytes,
            EmbedDType = VectorNumberType.F16,
            Endianness = VectorByteOrder.Little,
        };

        var result = await client.EmbedAsync(request, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("embd-82619fe49e83dc85");
        result.Model.ShouldBe("minilm");
        result.Created.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795493686));
        result.Usage.ShouldBe(new Usage { PromptTokens = 18, TotalTokens = 18 });
        result.Data.Select(item => item.Index).ShouldBe([0, 1, 2, 3]);
        result.Data.Select(item => item.Vector.Length).ShouldAllBe(length => length == 384);
        result.Data.Select(item => item.Vector.Span[0]).ShouldBe([-0.042510986328125f, 0.06158447265625f, 0.055755615234375f, 0.00445556640625f]);
        result.Data.Select(item => Hash(item.Vector)).ShouldBe(HalfHashes);
        result.AdditionalProperties.ShouldBeEmpty();
        server.Request.ShouldBeLike("embeddings-bytes");
    }

    [Fact]
    public async Task Token_ids_in_place_of_text()
    {
        await using var server = ReplayServer.Of("embeddings-tokens");
        using var client = server.Client();

        var result = await client.EmbedAsync(
            new() { Model = "minilm", Input = PoolingInput.FromTokenIdLists([101, 1037, 4937, 102]) }, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("embd-bbd7807e66287813");
        result.Usage.ShouldBe(new Usage { PromptTokens = 4, TotalTokens = 4, CompletionTokens = 0 });
        Hash(result.Data.ShouldHaveSingleItem().Vector).ShouldBe(Hashes[1]);
        server.Request.ShouldBeLike("embeddings-tokens", members: ("encoding_format", "base64"));
    }

    [Fact]
    public async Task Too_long_a_text_is_cut_if_that_is_asked_for()
    {
        await using var server = ReplayServer.Of("embeddings-truncated");
        using var client = server.Client();
        var text = System.Text.Json.Nodes.JsonNode.Parse(Recording.Load("embeddings-truncated").RequestBody)!["input"]!.GetValue<string>();

        var result = await client.EmbedAsync(new() { Model = "minilm", Input = text, TruncatePromptTokens = -1 }, cancellationToken: TestContext.Current.CancellationToken);

        result.Usage.ShouldBe(new Usage { PromptTokens = 256, TotalTokens = 256, CompletionTokens = 0 });
        var vector = result.Data.ShouldHaveSingleItem().Vector;
        vector.Span[0].ShouldBe(0.004154391586780548f);
        vector.Span[383].ShouldBe(0.022902606055140495f);
        Hash(vector).ShouldBe("35bb571e7d2cf3e219067836bf1e1233593ccc66b91b9371dc28db8baf00a68b");
        server.Request.ShouldBeLike("embeddings-truncated", members: ("encoding_format", "base64"));
    }

    [Fact]
    public async Task Dimensions_that_the_model_does_not_allow()
    {
        await using var server = ReplayServer.Of("embeddings-dimensions-refused");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmValidationException>(() => client.EmbedAsync(new() { Model = "minilm", Input = "x", Dimensions = 8 }, cancellationToken: TestContext.Current.CancellationToken));

        failure.StatusCode.ShouldBe(400);
        failure.ErrorType.ToString().ShouldBe("BadRequestError");
        failure.Param.ShouldBeNull();
        failure.Code.ShouldBe("400");
        failure.Message.ShouldContain("Model 'minilm' does not support Matryoshka embeddings; dimensions must be unset (received dimensions=8).");
        server.Request.ShouldBeLike("embeddings-dimensions-refused", members: ("encoding_format", "base64"));
    }

    [Fact]
    public async Task No_input_is_refused_by_the_server()
    {
        await using var server = ReplayServer.Of("embeddings-empty");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmValidationException>(() => client.EmbedAsync(new() { Model = "minilm", Input = Array.Empty<string>() }, cancellationToken: TestContext.Current.CancellationToken));

        failure.Message.ShouldContain("You must pass at least one prompt");
        server.Request.ShouldBeLike("embeddings-empty", members: ("encoding_format", "base64"));
    }

    [Fact]
    public async Task An_unknown_model()
    {
        await using var server = ReplayServer.Of("embeddings-model-404");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.EmbedAsync(new() { Model = "nope", Input = "x" }, cancellationToken: TestContext.Current.CancellationToken));

        failure.IsModelNotFound.ShouldBeTrue();
        failure.IsUnsupported.ShouldBeFalse();
        failure.Message.ShouldContain("The model `nope` does not exist.");
        server.Request.ShouldBeLike("embeddings-model-404", members: ("encoding_format", "base64"));
    }

    [Fact]
    public async Task A_model_that_only_generates()
    {
        await using var server = ReplayServer.Of("error-embeddings-on-generate-model");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmApiException>(() => client.EmbedAsync(new() { Model = "tiny", Input = "x" }, cancellationToken: TestContext.Current.CancellationToken));

        failure.StatusCode.ShouldBe(404);
        failure.IsUnsupported.ShouldBeTrue();
        failure.IsModelNotFound.ShouldBeFalse();
        failure.Message.ShouldContain("/v1/embeddings");
        failure.Message.ShouldContain("this server does not serve the route for its model");
        server.Request.ShouldBeLike("error-embeddings-on-generate-model", members: ("encoding_format", "base64"));
    }

    internal static string Hash(ReadOnlyMemory<float> vector) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(vector.Span)));

    static void ShouldBeTheFour(EmbeddingResult result)
    {
        result.Model.ShouldBe("minilm");
        result.Created.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795493686));
        result.Usage.ShouldBe(new Usage { PromptTokens = 18, TotalTokens = 18, CompletionTokens = 0 });
        result.Data.Select(item => item.Index).ShouldBe([0, 1, 2, 3]);
        result.Data.Select(item => item.Vector.Span[0]).ShouldBe([-0.04250222444534302f, 0.061575304716825485f, 0.05575529858469963f, 0.004456752445548773f]);
        result.Data.Select(item => Hash(item.Vector)).ShouldBe(Hashes);
        result.AdditionalProperties.ShouldBeEmpty();
        result.Info.StatusCode.ShouldBe(200);
        result.Info.Attempts.ShouldBe(1);
        result.Info.Endpoint!.AbsolutePath.ShouldBe("/v1/embeddings");
        result.Info.Timings.Closed.ShouldNotBeNull();
    }
}

using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using Vllm.Testing;

namespace Vllm.Tests.ExtensionsAI;

/// <summary>The embedding generator of Microsoft.Extensions.AI over a vLLM client.</summary>
public class EmbeddingGeneratorTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("embeddings-float")]
    [InlineData("embeddings-base64")]
    public async Task A_recorded_answer_is_the_vectors_that_the_client_itself_reads(string name)
    {
        using var client = new ScriptedHandler().Answers(Recording.Load(name)).Client();

        var generated = await client.AsIEmbeddingGenerator().GenerateAsync(["Hello"], cancellationToken: Token);
        var native = await client.EmbedAsync("Hello", cancellationToken: Token);

        generated.Count.ShouldBe(native.Data.Count);
        generated.Select(one => one.Vector.ToArray()).ShouldBe(native.Data.Select(one => one.Vector.ToArray()));
        generated[0].Dimensions.ShouldBe(384);
        generated[0].ModelId.ShouldBe("minilm");
        generated[0].CreatedAt.ShouldBe(native.Created);
        generated.Usage!.InputTokenCount.ShouldBe(native.Usage!.PromptTokens);
        generated.Usage.TotalTokenCount.ShouldBe(native.Usage.TotalTokens);
        generated.Usage.OutputTokenCount.ShouldBe(native.Usage.CompletionTokens);
        generated.AdditionalProperties!["request_id"].ShouldBeOfType<string>().Length.ShouldBe(32);
    }

    [Fact]
    public async Task Model_dimensions_and_further_properties_are_sent()
    {
        (await SentAsync(generator => generator.GenerateAsync(["a", "b"], new() { ModelId = "m", Dimensions = 8, AdditionalProperties = new() { ["user"] = "u" } }, Token)))
            .ShouldBe("""{"model":"m","input":["a","b"],"dimensions":8,"encoding_format":"base64","user":"u"}""");
        (await SentAsync(generator => generator.GenerateAsync(["a"], cancellationToken: Token)))
            .ShouldBe("""{"model":"own","input":["a"],"dimensions":4,"encoding_format":"base64"}""");
        (await SentAsync(generator => generator.GenerateAsync(["a"], new() { ModelId = "m", RawRepresentationFactory = _ => new EmbeddingRequest { Model = "raw", TruncatePromptTokens = -1 } }, Token)))
            .ShouldBe("""{"model":"raw","input":["a"],"dimensions":4,"encoding_format":"base64","truncate_prompt_tokens":-1}""");
    }

    [Fact]
    public async Task Vectors_come_in_the_order_of_the_inputs_whatever_the_servers_is()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, """{"object":"list","data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}]}""").Client();

        var generated = await client.AsIEmbeddingGenerator().GenerateAsync(["a", "b"], cancellationToken: Token);

        generated.Select(one => one.Vector.Span[0]).ShouldBe([1f, 2f]);
        generated.Usage.ShouldBeNull();
        generated[0].ModelId.ShouldBeNull();
    }

    [Fact]
    public async Task No_inputs_are_no_vectors_and_no_call()
    {
        var handler = new ScriptedHandler();
        using var client = handler.Client();

        (await client.AsIEmbeddingGenerator().GenerateAsync([], cancellationToken: Token)).ShouldBeEmpty();
        handler.Requests.ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentNullException>(() => client.AsIEmbeddingGenerator().GenerateAsync(null!, cancellationToken: Token));
        Should.Throw<ArgumentNullException>(() => ((IVllmClient)null!).AsIEmbeddingGenerator());
    }

    [Fact]
    public async Task A_distributed_cache_answers_the_second_time()
    {
        var handler = new ScriptedHandler().Answers(Recording.Load("embeddings-float"));
        using var client = handler.Client();
        var generator = client.AsIEmbeddingGenerator().AsBuilder().UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()))).Build();

        var first = await generator.GenerateAsync(["a", "b", "c", "d"], cancellationToken: Token);
        var second = await generator.GenerateAsync(["a", "b", "c", "d"], cancellationToken: Token);

        second.Select(one => one.Vector.ToArray()).ShouldBe(first.Select(one => one.Vector.ToArray()));
        handler.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Another_library_that_measures_is_not_measured_twice(bool isForeign, int durations)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var duration = new MetricCollector<double>(factory, VllmTelemetry.MeterName, VllmTelemetry.Instruments.OperationDuration);
        using var client = new ScriptedHandler().Answers(Recording.Load("embeddings-float")).Client(services: new() { MeterFactory = factory, ForeignInstruments = () => isForeign });

        await client.AsIEmbeddingGenerator().GenerateAsync(["Hello"], cancellationToken: Token);

        duration.GetMeasurementSnapshot().Count.ShouldBe(durations);
    }

    [Fact]
    public async Task Failures_are_the_clients_own_exceptions()
    {
        using var client = new ScriptedHandler().Answers(Recording.Load("embeddings-model-404")).Client();

        (await Should.ThrowAsync<VllmApiException>(() => client.AsIEmbeddingGenerator().GenerateAsync(["Hello"], cancellationToken: Token))).IsModelNotFound.ShouldBeTrue();
    }

    [Fact]
    public void Services_are_metadata_the_client_and_the_adapter_itself()
    {
        using var client = new ScriptedHandler().Client(options => options.DefaultModel = "default");
        using var generator = client.AsIEmbeddingGenerator(dimensions: 4);

        var metadata = generator.GetRequiredService<EmbeddingGeneratorMetadata>();
        metadata.ProviderName.ShouldBe("vllm");
        metadata.ProviderUri.ShouldBe(new Uri("http://gpu:8000/"));
        metadata.DefaultModelId.ShouldBe("default");
        metadata.DefaultModelDimensions.ShouldBe(4);
        generator.GetService<IVllmClient>().ShouldBeSameAs(client);
        generator.GetService<IEmbeddingGenerator<string, Embedding<float>>>().ShouldBeSameAs(generator);
        generator.GetService<IVllmClient>("key").ShouldBeNull();
        generator.GetService<string>().ShouldBeNull();
    }

    static async Task<string> SentAsync(Func<IEmbeddingGenerator<string, Embedding<float>>, Task> ask)
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, """{"object":"list","data":[]}""");
        using var client = handler.Client();
        await ask(client.AsIEmbeddingGenerator("own", 4));
        return Encoding.UTF8.GetString(handler.Request.Body);
    }
}

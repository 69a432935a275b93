using AI = Microsoft.Extensions.AI;

namespace Vllm.ExtensionsAI;

/// <summary>A vLLM client as the embedding generator of Microsoft.Extensions.AI.</summary>
sealed class EmbeddingGeneratorAdapter(IVllmClient client, string? model, int? dimensions) : AI.IEmbeddingGenerator<string, AI.Embedding<float>>
{
    static readonly VllmRequestOptions Marked = new() { IsAdapter = true };

    readonly AI.EmbeddingGeneratorMetadata _metadata = Metadata(client as IClientFacts, model, dimensions);

    public async Task<AI.GeneratedEmbeddings<AI.Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, AI.EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] texts = [.. values];
        // Servers refuse an empty list, and there is nothing to ask.
        if (texts.Length == 0) return [];
        var request = options?.RawRepresentationFactory?.Invoke(this) as EmbeddingRequest ?? new EmbeddingRequest();
        request = request with
        {
            Input = request.Input ?? PoolingInput.FromTexts(texts),
            Model = request.Model ?? options?.ModelId ?? model,
            Dimensions = request.Dimensions ?? options?.Dimensions ?? dimensions,
            ExtraBody = JsonMapping.Extra(request.ExtraBody, options?.AdditionalProperties),
        };
        return Embeddings(await client.EmbedAsync(request, Marked, cancellationToken).ConfigureAwait(false));
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(AI.EmbeddingGeneratorMetadata)) return _metadata;
        if (serviceType.IsInstanceOfType(this)) return this;
        return serviceType.IsInstanceOfType(client) ? client : null;
    }

    public void Dispose()
    {
        // The vLLM client is its owner's to dispose.
    }

    // By number of the input: a server may answer in another order.
    static AI.GeneratedEmbeddings<AI.Embedding<float>> Embeddings(EmbeddingResult result)
    {
        var embeddings = result.Data.OrderBy(item => item.Index).Select(item => new AI.Embedding<float>(item.Vector)
        {
            CreatedAt = result.Created,
            ModelId = ResponseMapping.NullIfEmpty(result.Model),
        });
        var properties = ResponseMapping.Properties(null, result.Info);
        foreach (var (name, value) in result.AdditionalProperties) properties.TryAdd(name, value);
        return new AI.GeneratedEmbeddings<AI.Embedding<float>>(embeddings)
        {
            Usage = result.Usage is { } usage ? ResponseMapping.Usage(usage) : null,
            AdditionalProperties = properties,
        };
    }

    static AI.EmbeddingGeneratorMetadata Metadata(IClientFacts? facts, string? model, int? dimensions) =>
        new(facts?.ProviderName ?? "vllm", facts?.BaseUrl, model ?? facts?.DefaultModel, dimensions);
}

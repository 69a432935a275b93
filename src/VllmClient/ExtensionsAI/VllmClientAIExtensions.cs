using Vllm;
using Vllm.ExtensionsAI;

namespace Microsoft.Extensions.AI;

/// <summary>Gives vLLM the interfaces of Microsoft.Extensions.AI.</summary>
public static class VllmClientAIExtensions
{
    /// <summary>Makes a chat client of a vLLM client. It may be shared between threads; disposing it does nothing, since the vLLM client stays the caller's.</summary>
    /// <param name="client">The vLLM client.</param>
    /// <param name="model">The model where <see cref="ChatOptions.ModelId"/> names none; null takes the client's default model.</param>
    /// <remarks>A failed, cut or aborted answer is an exception, also in the middle of a stream. Every option of vLLM can be set by <see cref="ChatOptions.RawRepresentationFactory"/>, which returns a fresh <see cref="ChatRequest"/>.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
    public static IChatClient AsIChatClient(this IVllmClient client, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new ChatClientAdapter(client, model);
    }

    /// <summary>Makes an embedding generator of a vLLM client. It may be shared between threads; disposing it does nothing, since the vLLM client stays the caller's.</summary>
    /// <param name="client">The vLLM client.</param>
    /// <param name="model">The model where <see cref="EmbeddingGenerationOptions.ModelId"/> names none; null takes the client's default model.</param>
    /// <param name="dimensions">Length of the vectors where <see cref="EmbeddingGenerationOptions.Dimensions"/> names none, for models that allow a choice; null takes the model's own.</param>
    /// <remarks>Every option of vLLM can be set by <see cref="EmbeddingGenerationOptions.RawRepresentationFactory"/>, which returns a fresh <see cref="EmbeddingRequest"/>.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> AsIEmbeddingGenerator(this IVllmClient client, string? model = null, int? dimensions = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new EmbeddingGeneratorAdapter(client, model, dimensions);
    }
}

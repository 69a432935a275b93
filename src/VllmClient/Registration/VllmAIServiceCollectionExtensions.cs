using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vllm;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what Microsoft.Extensions.AI asks for, answered by the clients of vLLM that <see cref="VllmServiceCollectionExtensions"/> registers.</summary>
/// <remarks>
/// <para>What is registered here is the client alone. For a pipeline around it (functions, caching, logging) reference the package <c>Microsoft.Extensions.AI</c> and build it there:</para>
/// <code>
/// services.AddVllmClient();
/// services.AddChatClient(provider => provider.GetRequiredService&lt;IVllmClient&gt;().AsIChatClient())
///     .UseFunctionInvocation();
/// </code>
/// </remarks>
public static class VllmAIServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IChatClient"/> as a singleton that asks the client of <c>AddVllmClient</c>. An <see cref="IChatClient"/> that is registered already stays.</summary>
    /// <param name="services">The services.</param>
    /// <param name="model">The model where <see cref="ChatOptions.ModelId"/> names none; null takes the client's default model.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddVllmChatClient(this IServiceCollection services, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => provider.GetRequiredService<IVllmClient>().AsIChatClient(model));
        return services;
    }

    /// <summary>Registers <see cref="IChatClient"/> as a keyed singleton that asks the client of <c>AddKeyedVllmClient</c> with the same name. One that is registered already under this key stays.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The client's name, and the key to ask for.</param>
    /// <param name="model">The model where <see cref="ChatOptions.ModelId"/> names none; null takes the client's default model.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank.</exception>
    public static IServiceCollection AddKeyedVllmChatClient(this IServiceCollection services, string name, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.TryAddKeyedSingleton(name, (provider, key) => provider.GetRequiredKeyedService<IVllmClient>(key).AsIChatClient(model));
        return services;
    }

    /// <summary>Registers <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> of texts as a singleton that asks the client of <c>AddVllmClient</c>. One that is registered already stays.</summary>
    /// <param name="services">The services.</param>
    /// <param name="model">The model where <see cref="EmbeddingGenerationOptions.ModelId"/> names none; null takes the client's default model.</param>
    /// <param name="dimensions">Length of the vectors where <see cref="EmbeddingGenerationOptions.Dimensions"/> names none, for models that allow a choice; null takes the model's own.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddVllmEmbeddingGenerator(this IServiceCollection services, string? model = null, int? dimensions = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => provider.GetRequiredService<IVllmClient>().AsIEmbeddingGenerator(model, dimensions));
        return services;
    }

    /// <summary>Registers <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> of texts as a keyed singleton that asks the client of <c>AddKeyedVllmClient</c> with the same name. One that is registered already under this key stays.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The client's name, and the key to ask for.</param>
    /// <param name="model">The model where <see cref="EmbeddingGenerationOptions.ModelId"/> names none; null takes the client's default model.</param>
    /// <param name="dimensions">Length of the vectors where <see cref="EmbeddingGenerationOptions.Dimensions"/> names none, for models that allow a choice; null takes the model's own.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank.</exception>
    public static IServiceCollection AddKeyedVllmEmbeddingGenerator(this IServiceCollection services, string name, string? model = null, int? dimensions = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.TryAddKeyedSingleton(name, (provider, key) => provider.GetRequiredKeyedService<IVllmClient>(key).AsIEmbeddingGenerator(model, dimensions));
        return services;
    }
}

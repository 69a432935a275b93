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
}

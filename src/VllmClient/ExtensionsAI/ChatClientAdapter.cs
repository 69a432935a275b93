using System.Runtime.CompilerServices;
using AI = Microsoft.Extensions.AI;

namespace Vllm.ExtensionsAI;

/// <summary>A vLLM client as the chat client of Microsoft.Extensions.AI.</summary>
sealed class ChatClientAdapter(IVllmClient client, string? model) : AI.IChatClient
{
    readonly AI.ChatClientMetadata _metadata = Metadata(client as IClientFacts, model);

    public async Task<AI.ChatResponse> GetResponseAsync(
        IEnumerable<AI.ChatMessage> messages, AI.ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = RequestMapping.Request(messages, options, this, model, out var call);
        var result = await client.ChatAsync(request, call, cancellationToken).ConfigureAwait(false);
        return ResponseMapping.Response(result);
    }

    // The request is made, and found wrong, when the method is called; it is sent when the stream is enumerated, and only once.
    public IAsyncEnumerable<AI.ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<AI.ChatMessage> messages, AI.ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = RequestMapping.Request(messages, options, this, model, out var call);
        return UpdatesAsync(client.ChatStreamAsync(request, call, cancellationToken), cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(AI.ChatClientMetadata)) return _metadata;
        if (serviceType.IsInstanceOfType(this)) return this;
        return serviceType.IsInstanceOfType(client) ? client : null;
    }

    public void Dispose()
    {
        // The vLLM client is its owner's to dispose.
    }

    static async IAsyncEnumerable<AI.ChatResponseUpdate> UpdatesAsync(IAsyncEnumerable<ChatUpdate> stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mapping = new UpdateMapping();
        await foreach (var update in stream.WithCancellation(cancellationToken).ConfigureAwait(false))
            if (mapping.Map(update) is { } mapped) yield return mapped;
        if (mapping.Last() is { } last) yield return last;
    }

    static AI.ChatClientMetadata Metadata(IClientFacts? facts, string? model) => new(facts?.ProviderName ?? "vllm", facts?.BaseUrl, model ?? facts?.DefaultModel);
}

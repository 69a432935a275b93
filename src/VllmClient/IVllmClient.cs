using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>A client of one vLLM server. Instances may be shared between threads; a stream has one consumer.</summary>
public interface IVllmClient
{
    /// <summary>Asks for a whole chat answer.</summary>
    /// <param name="request">What to ask; a string asks one question as the user.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed, which is how vLLM learns to stop generating.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<ChatResult> ChatAsync(ChatRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Streams a chat answer. Nothing is sent before enumeration; the sequence can be enumerated once, and ends normally only if the answer is complete.</summary>
    /// <inheritdoc cref="ChatAsync" path="/param"/>
    /// <inheritdoc cref="ChatAsync" path="/exception"/>
    IAsyncEnumerable<ChatUpdate> ChatStreamAsync(ChatRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Asks for whole completions of one or several prompts. Mind that the server generates only 16 tokens unless the request says otherwise.</summary>
    /// <inheritdoc cref="ChatAsync" path="/param"/>
    /// <inheritdoc cref="ChatAsync" path="/exception"/>
    Task<CompletionResult> CompleteAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Streams completions of one or several prompts. Nothing is sent before enumeration; the sequence can be enumerated once, and ends normally only if the answer is complete.</summary>
    /// <inheritdoc cref="ChatAsync" path="/param"/>
    /// <inheritdoc cref="ChatAsync" path="/exception"/>
    IAsyncEnumerable<CompletionUpdate> CompleteStreamAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the models that the server serves, adapters included.</summary>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<IReadOnlyList<ModelInfo>> ListModelsAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Asks for the vectors of texts.</summary>
    /// <param name="request">What to ask; a string asks for one vector.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A model that cannot do it answers 404.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks which documents answer a query best.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A model that cannot do it answers 404.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<RerankResult> RerankAsync(RerankRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks how alike texts are, pair by pair.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A model that cannot do it answers 404.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<ScoreResult> ScoreAsync(ScoreRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks for the classes of texts.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A model that cannot do it answers 404.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<ClassifyResult> ClassifyAsync(ClassifyRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks for what the model's last layer says of texts, whatever its form.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A model that cannot do it answers 404.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<PoolingResult> PoolAsync(PoolingRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks for the text of speech, in its own language or translated. The answer comes whole.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A model that cannot do it answers 404.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<TranscriptionResult> TranscribeAsync(TranscriptionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks for the tokens of a text or of a conversation.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A model that cannot do it answers 404.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<TokenizeResult> TokenizeAsync(TokenizeRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks for the text of tokens.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A model that cannot do it answers 404.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<string> DetokenizeAsync(DetokenizeRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Calls any path of the server. For what has no method of its own.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path from the server's root, for instance <c>/v1/models</c>, with a query if there is one.</param>
    /// <param name="body">The JSON body, sent as it is; null for none.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed.</param>
    /// <returns>The JSON that was answered; a JSON string for a text; <c>default</c>, of kind <see cref="JsonValueKind.Undefined"/>, for nothing.</returns>
    /// <exception cref="ArgumentException">The path is none, or the body asks for a stream.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode? body, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Streams the events of any path of the server. Nothing is sent before enumeration; the sequence can be enumerated once, and ends normally only at the marker of its end.</summary>
    /// <param name="path">The path from the server's root, for instance <c>/v1/chat/completions</c>.</param>
    /// <param name="body">The JSON body; <c>"stream": true</c> is added to an object that does not say it.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed, which is how vLLM learns to stop generating.</param>
    /// <returns>The data of each event, in order.</returns>
    /// <exception cref="ArgumentException">The path is none, or the body asks for no stream.</exception>
    /// <exception cref="VllmException">The call failed, or an event tells of an error; see the derived types.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    IAsyncEnumerable<JsonElement> SendStreamAsync(string path, JsonNode body, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>The Responses API.</summary>
    /// <exception cref="NotSupportedException">This implementation of the interface does not offer it.</exception>
    IVllmResponses Responses => throw new NotSupportedException("This client does not offer the Responses API.");

    /// <summary>The server itself: health, version, metrics.</summary>
    IVllmServer Server { get; }
}

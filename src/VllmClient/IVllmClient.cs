using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vllm;

/// <summary>A client of one vLLM server. Instances may be shared between threads; a stream has one consumer.</summary>
/// <remarks>For tests of code that uses it, give <see cref="VllmClient"/> the handler of a <c>VllmSimulator</c> (package <c>VllmClient.Simulator</c>) instead of implementing the interface: it answers as vLLM does, errors included, and needs no network. Members are added as vLLM gains endpoints.</remarks>
public interface IVllmClient
{
    /// <summary>Sends a chat request and returns the whole answer (<c>POST /v1/chat/completions</c>).</summary>
    /// <param name="request">The request; a string is converted to one user message.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection, which is how vLLM learns to stop generating.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ChatResult> ChatAsync(ChatRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Streams a chat answer. Nothing is sent before enumeration; the sequence can be enumerated once, and ends normally only if the answer is complete.</summary>
    /// <inheritdoc cref="ChatAsync" path="/param"/>
    /// <inheritdoc cref="ChatAsync" path="/exception"/>
    IAsyncEnumerable<ChatUpdate> ChatStreamAsync(ChatRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Completes one or several prompts and returns the whole answer (<c>POST /v1/completions</c>). The server generates only 16 tokens unless the request sets <see cref="GenerationRequest.MaxTokens"/>.</summary>
    /// <inheritdoc cref="ChatAsync" path="/param"/>
    /// <inheritdoc cref="ChatAsync" path="/exception"/>
    Task<CompletionResult> CompleteAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Streams completions of one or several prompts. Nothing is sent before enumeration; the sequence can be enumerated once, and ends normally only if the answer is complete.</summary>
    /// <inheritdoc cref="ChatAsync" path="/param"/>
    /// <inheritdoc cref="ChatAsync" path="/exception"/>
    IAsyncEnumerable<CompletionUpdate> CompleteStreamAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the models that the server serves, LoRA adapters included (<c>GET /v1/models</c>).</summary>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<IReadOnlyList<ModelInfo>> ListModelsAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Embeds texts: one vector per input, in order (<c>POST /v1/embeddings</c>).</summary>
    /// <param name="request">The inputs; a string is converted to a request for one.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A server whose model does not support this answers 404, so <see cref="VllmApiException.IsUnsupported"/> is true.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Ranks documents by how well they answer a query, best first (<c>POST /rerank</c>).</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A server whose model does not support this answers 404, so <see cref="VllmApiException.IsUnsupported"/> is true.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<RerankResult> RerankAsync(RerankRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Scores how well each document answers its query (<c>POST /score</c>): one query against all documents, or pairwise.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A server whose model does not support this answers 404, so <see cref="VllmApiException.IsUnsupported"/> is true.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ScoreResult> ScoreAsync(ScoreRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Classifies each text; one result per input, in order (<c>POST /classify</c>).</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A server whose model does not support this answers 404, so <see cref="VllmApiException.IsUnsupported"/> is true.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ClassifyResult> ClassifyAsync(ClassifyRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the pooled output of the model's last layer for each input, in order: vectors, matrices or token-wise values, as the model makes them (<c>POST /pooling</c>).</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A server whose model does not support this answers 404, so <see cref="VllmApiException.IsUnsupported"/> is true.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<PoolingResult> PoolAsync(PoolingRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Transcribes speech, or translates it into English text (<c>POST /v1/audio/transcriptions</c>, <c>/v1/audio/translations</c>). Not streamed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A server whose model does not support this answers 404, so <see cref="VllmApiException.IsUnsupported"/> is true.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<TranscriptionResult> TranscribeAsync(TranscriptionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Tokenizes a text or a conversation with the model's tokenizer (<c>POST /tokenize</c>).</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A server whose model does not support this answers 404, so <see cref="VllmApiException.IsUnsupported"/> is true.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<TokenizeResult> TokenizeAsync(TokenizeRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Turns token ids back into text (<c>POST /detokenize</c>).</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. A server whose model does not support this answers 404, so <see cref="VllmApiException.IsUnsupported"/> is true.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<DetokenizeResult> DetokenizeAsync(DetokenizeRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Calls any path of the server, for endpoints that have no method of their own.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path from the server's root, for instance <c>/v1/models</c>, with a query if there is one.</param>
    /// <param name="body">The JSON body, sent as it is; null for none.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection.</param>
    /// <returns>The JSON that was answered; a JSON string for a text; <c>default</c>, of kind <see cref="JsonValueKind.Undefined"/>, for nothing.</returns>
    /// <exception cref="ArgumentException">The path is none, or the body asks for a stream.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode? body, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Streams the server-sent events of any path of the server. Nothing is sent before enumeration; the sequence can be enumerated once, and ends normally only at the marker of its end.</summary>
    /// <param name="path">The path from the server's root, for instance <c>/v1/chat/completions</c>.</param>
    /// <param name="body">The JSON body; <c>"stream": true</c> is added to an object that does not say it.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call and closes the connection, which is how vLLM learns to stop generating.</param>
    /// <returns>The data of each event, in order.</returns>
    /// <exception cref="ArgumentException">The path is none, or the body asks for no stream.</exception>
    /// <exception cref="VllmException">The call failed, or an event tells of an error; see the derived types.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    IAsyncEnumerable<JsonElement> SendStreamAsync(string path, JsonNode body, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The Responses API.</summary>
    IVllmResponses Responses { get; }

    /// <summary>The server itself: health, version, metrics.</summary>
    IVllmServer Server { get; }

    /// <summary>Makes a client with other options over the same connections, for instance with another key or model, or longer limits.</summary>
    /// <param name="change">Changes a copy of this client's options.</param>
    /// <returns>The new client. It needs no disposal, and ends with the client that it was made from.</returns>
    /// <exception cref="ArgumentException">An option is wrong, or is one of the connections', which are made once; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    IVllmClient WithOptions(Action<VllmClientOptions> change);
}

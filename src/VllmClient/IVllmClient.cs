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

    /// <summary>The Responses API.</summary>
    /// <exception cref="NotSupportedException">This implementation of the interface does not offer it.</exception>
    IVllmResponses Responses => throw new NotSupportedException("This client does not offer the Responses API.");

    /// <summary>The server itself: health, version, metrics.</summary>
    IVllmServer Server { get; }
}

namespace Vllm;

/// <summary>The Responses API of a server: answers made of items, which the server can keep and continue.</summary>
public interface IVllmResponses
{
    /// <summary>Asks for a whole response. One that reached a token limit is a result with <see cref="ResponsesStatus.Incomplete"/>; one that failed is an exception.</summary>
    /// <param name="request">What to ask; a string asks one question as the user.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call; the connection is closed, which is how vLLM learns to stop generating.</param>
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<ResponsesResult> CreateAsync(ResponsesRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Streams a response as named events. Nothing is sent before enumeration; the sequence can be enumerated once, and ends normally only after <c>response.completed</c> or <c>response.incomplete</c>, whose event holds the whole response.</summary>
    /// <inheritdoc cref="CreateAsync" path="/param"/>
    /// <inheritdoc cref="CreateAsync" path="/exception"/>
    IAsyncEnumerable<ResponsesEvent> StreamAsync(ResponsesRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Fetches a response that the server keeps, whatever its status: a failed one is a result here. Not measured, since it generates nothing.</summary>
    /// <param name="responseId">The id of the response, not blank.</param>
    /// <param name="options">Settings of this call alone.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ArgumentException"><paramref name="responseId"/> is blank.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types. An unknown id is a <see cref="VllmApiException"/> with status 404.</exception>
    Task<ResponsesResult> GetAsync(string responseId, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Ends a response that the server makes in the background. Not measured, since it generates nothing.</summary>
    /// <inheritdoc cref="GetAsync" path="/param"/>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    Task<ResponsesResult> CancelAsync(string responseId, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);
}

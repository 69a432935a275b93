namespace Vllm;

/// <summary>A client of one vLLM server that measures every call.</summary>
public sealed class VllmClient : IVllmClient, IDisposable
{
    /// <summary>Creates a client of the server at a URL.</summary>
    public VllmClient(Uri baseUrl) => throw new NotSupportedException();

    /// <summary>Creates a client from options.</summary>
    public VllmClient(VllmClientOptions options) => throw new NotSupportedException();

    /// <summary>Creates a client over an HTTP client of the caller's, which is not disposed.</summary>
    public VllmClient(HttpClient http, VllmClientOptions options, VllmClientServices? services = null) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IVllmServer Server => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<ChatResult> ChatAsync(ChatRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatUpdate> ChatStreamAsync(ChatRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<CompletionResult> CompleteAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<CompletionUpdate> CompleteStreamAsync(CompletionRequest request, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelInfo>> ListModelsAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() { }
}

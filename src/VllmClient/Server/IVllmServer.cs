namespace Vllm;

/// <summary>The server behind a client: whether it lives, what it is, what it says of itself.</summary>
public interface IVllmServer
{
    /// <summary>Asks <c>/health</c>. True on 200; false on 503 or if nothing answers.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="VllmException">Something answered that is neither: a wrong address, most likely.</exception>
    Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default);

    /// <summary>Waits until the server is healthy, serves the model and has answered one minimal inference.</summary>
    /// <param name="timeout">How long to wait at most; must be positive.</param>
    /// <param name="model">The model to wait for; null takes the client's default, else the server's first.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>The model that is ready.</returns>
    /// <exception cref="VllmTimeoutException">The server did not get ready in time; the message says what it did last.</exception>
    /// <exception cref="VllmException">The server refused in a way that waiting does not cure: a bad key, a wrong path, an unknown model.</exception>
    Task<ModelInfo> WaitUntilReadyAsync(TimeSpan timeout, string? model = null, CancellationToken cancellationToken = default);

    /// <summary>Asks <c>/version</c>, for instance <c>0.32.0</c>.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<string> GetVersionAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads <c>/metrics</c> as it is, in the Prometheus text format.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<string> GetMetricsTextAsync(CancellationToken cancellationToken = default);
}

using System.Text.Json;

namespace Vllm;

/// <summary>The server behind a client: health, version, load, metrics, and administration. Calls that change the server are never retried. None of these calls is measured, since they are no inference.</summary>
public interface IVllmServer
{
    /// <summary>The server's address, without user info, query, and a final <c>/v1</c>.</summary>
    Uri BaseUrl { get; }

    /// <summary>Asks <c>/health</c>, and where a server has no such route (404, 405: gateways, other engines) <c>/v1/models</c>. True on 200; false on 503 or if nothing answers.</summary>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="VllmException">Something answered that is neither: a wrong address, most likely, or a server that has neither route.</exception>
    Task<bool> IsHealthyAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Waits until the server is healthy, serves the model and has answered one minimal inference. What a server cannot be asked (404, 405) is left out; without a list of models, the inference alone shows that it is ready.</summary>
    /// <param name="timeout">How long to wait at most; must be positive.</param>
    /// <param name="model">The model to wait for; null takes the client's default, else the server's first.</param>
    /// <param name="options">Settings for each of the calls; null takes the client's. Retries do not apply: the wait itself tries again.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The model that is ready; of a server without a list of models only the name that was asked for or that answered, empty if neither is known.</returns>
    /// <exception cref="VllmTimeoutException">The server did not get ready in time; the message says what it did last.</exception>
    /// <exception cref="VllmException">The server refused in a way that waiting does not cure: a bad key, a wrong path, an unknown model; or it has neither a list of models nor an answer.</exception>
    Task<ModelInfo> WaitUntilReadyAsync(TimeSpan timeout, string? model = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the version of vLLM, for instance <c>0.32.0</c> (<c>GET /version</c>).</summary>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<string> GetVersionAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the server's metrics in the Prometheus text format (<c>GET /metrics</c>).</summary>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<string> GetMetricsTextAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Returns how many requests the server is working on (<c>GET /load</c>).</summary>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The count; it stays 0 on a server that does not track its load. Null if the server does not serve the route.</returns>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<int?> GetLoadAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Loads a LoRA adapter. Needs a server that was started with LoRA enabled and <c>VLLM_ALLOW_RUNTIME_LORA_UPDATING=1</c>.</summary>
    /// <param name="name">Name under which the adapter is asked for, as a model.</param>
    /// <param name="path">Where the server finds it: a path of its own, or a hub name.</param>
    /// <param name="loadInPlace">Whether an adapter of this name is replaced; null is not sent, and the server refuses a name that is taken.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The name or the path is blank.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task LoadLoraAsync(string name, string path, bool? loadInPlace = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Unloads a LoRA adapter.</summary>
    /// <param name="name">Name of the adapter.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task UnloadLoraAsync(string name, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Puts the engine to sleep, which frees GPU memory. Needs a server in development mode (<c>VLLM_SERVER_DEV_MODE=1</c>) with sleep mode enabled.</summary>
    /// <param name="level">1 keeps the weights in main memory, 2 drops them.</param>
    /// <param name="mode">What becomes of running requests; null leaves it to the server.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types. A server outside development mode answers 404.</exception>
    Task SleepAsync(int level = 1, SleepMode? mode = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Wakes the engine up. Needs a server in development mode (<c>VLLM_SERVER_DEV_MODE=1</c>).</summary>
    /// <param name="tags">What to bring back, such as <c>weights</c> and <c>kv_cache</c>; null for all.</param>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types. A server outside development mode answers 404.</exception>
    Task WakeUpAsync(IEnumerable<string>? tags = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Returns whether the engine is asleep. Needs a server in development mode (<c>VLLM_SERVER_DEV_MODE=1</c>).</summary>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types. A server outside development mode answers 404.</exception>
    Task<bool> IsSleepingAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Empties the prefix cache. Needs a server in development mode (<c>VLLM_SERVER_DEV_MODE=1</c>).</summary>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was emptied; null if the server did not say, as older ones do.</returns>
    /// <exception cref="VllmException">The call failed; see the derived types. A server outside development mode answers 404.</exception>
    Task<bool?> ResetPrefixCacheAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the server's configuration (<c>GET /server_info</c>). Needs a server in development mode (<c>VLLM_SERVER_DEV_MODE=1</c>).</summary>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The configuration as it came.</returns>
    /// <exception cref="VllmException">The call failed; see the derived types. A server outside development mode answers 404.</exception>
    Task<JsonElement> GetServerInfoAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the tokenizer's settings (<c>GET /tokenizer_info</c>). Needs a server started with <c>--enable-tokenizer-info-endpoint</c>.</summary>
    /// <param name="options">Settings for this call only; null takes the client's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The tokenizer's settings as they came. Some of its integers exceed 64 bits.</returns>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<JsonElement> GetTokenizerInfoAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default);
}

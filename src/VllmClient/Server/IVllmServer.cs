using System.Text.Json;

namespace Vllm;

/// <summary>The server behind a client: whether it lives, what it is, what it says of itself, and its administration. What changes the server is sent once and never again.</summary>
public interface IVllmServer
{
    /// <summary>The server's address, without user info, query, and a final <c>/v1</c>; null if this implementation does not tell.</summary>
    Uri? BaseUrl => null;

    /// <summary>Asks <c>/health</c>, and where a server has no such route (404, 405: gateways, other engines) <c>/v1/models</c>. True on 200; false on 503 or if nothing answers.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="VllmException">Something answered that is neither: a wrong address, most likely, or a server that has neither route.</exception>
    Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default);

    /// <summary>Waits until the server is healthy, serves the model and has answered one minimal inference. What a server cannot be asked (404, 405) is left out; without a list of models, the inference alone shows that it is ready.</summary>
    /// <param name="timeout">How long to wait at most; must be positive.</param>
    /// <param name="model">The model to wait for; null takes the client's default, else the server's first.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>The model that is ready; of a server without a list of models only the name that was asked for or that answered, empty if neither is known.</returns>
    /// <exception cref="VllmTimeoutException">The server did not get ready in time; the message says what it did last.</exception>
    /// <exception cref="VllmException">The server refused in a way that waiting does not cure: a bad key, a wrong path, an unknown model; or it has neither a list of models nor an answer.</exception>
    Task<ModelInfo> WaitUntilReadyAsync(TimeSpan timeout, string? model = null, CancellationToken cancellationToken = default);

    /// <summary>Asks <c>/version</c>, for instance <c>0.32.0</c>.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<string> GetVersionAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads <c>/metrics</c> as it is, in the Prometheus text format.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<string> GetMetricsTextAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks <c>/load</c> how many requests the server works on.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The count; it stays 0 on a server that does not track its load. Null if the server does not serve the route.</returns>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<int?> GetLoadAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Loads an adapter. Needs a server that allows it: LoRA on, and <c>VLLM_ALLOW_RUNTIME_LORA_UPDATING=1</c>.</summary>
    /// <param name="name">Name under which the adapter is asked for, as a model.</param>
    /// <param name="path">Where the server finds it: a path of its own, or a hub name.</param>
    /// <param name="loadInPlace">Whether an adapter of this name is replaced; null is not sent, and the server refuses a name that is taken.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ArgumentException">The name or the path is blank.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task LoadLoraAsync(string name, string path, bool? loadInPlace = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Unloads an adapter.</summary>
    /// <param name="name">Name of the adapter.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task UnloadLoraAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Puts the engine to sleep, which frees memory of the GPU. Development mode only.</summary>
    /// <param name="level">1 keeps the weights in main memory, 2 drops them.</param>
    /// <param name="mode">What becomes of running requests; null leaves it to the server.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types. A server outside development mode answers 404.</exception>
    Task SleepAsync(int level = 1, SleepMode? mode = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Wakes the engine up. Development mode only.</summary>
    /// <param name="tags">What to bring back, such as <c>weights</c> and <c>kv_cache</c>; null for all.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types. A server outside development mode answers 404.</exception>
    Task WakeUpAsync(IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks whether the engine sleeps. Development mode only.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="VllmException">The call failed; see the derived types. A server outside development mode answers 404.</exception>
    Task<bool> IsSleepingAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Empties the prefix cache. Development mode only.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether it was emptied; null if the server did not say, as older ones do.</returns>
    /// <exception cref="VllmException">The call failed; see the derived types. A server outside development mode answers 404.</exception>
    Task<bool?> ResetPrefixCacheAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks <c>/server_info</c> for the server's configuration. Development mode only.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The configuration as it came.</returns>
    /// <exception cref="VllmException">The call failed; see the derived types. A server outside development mode answers 404.</exception>
    Task<JsonElement> GetServerInfoAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks <c>/tokenizer_info</c>. Needs a server with <c>--enable-tokenizer-info-endpoint</c>.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The tokenizer's settings as they came. Some of its integers exceed 64 bits.</returns>
    /// <exception cref="VllmException">The call failed; see the derived types.</exception>
    Task<JsonElement> GetTokenizerInfoAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

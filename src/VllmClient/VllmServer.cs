using System.Text.Json;
using Vllm.Http;
using Vllm.Wire;

namespace Vllm;

/// <inheritdoc cref="IVllmServer"/>
sealed class VllmServer(Transport transport) : IVllmServer
{
    public Uri BaseUrl => transport.Root;

    public Task<bool> IsHealthyAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => new ServerReadiness(transport, Checked(options)).IsHealthyAsync(cancellationToken);

    public Task<ModelInfo> WaitUntilReadyAsync(TimeSpan timeout, string? model = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        new ServerReadiness(transport, Checked(options)).WaitAsync(timeout, model, cancellationToken);

    public Task<string> GetVersionAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => GetAsync("version", options, ServerReader.Version, cancellationToken);

    public Task<string> GetMetricsTextAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => GetAsync("metrics", options, PlainCall.Text, cancellationToken);

    public async Task<int?> GetLoadAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await GetAsync<int?>("load", options, body => ServerReader.Load(body), cancellationToken).ConfigureAwait(false);
        }
        catch (VllmApiException error) when (error.IsUnsupported)
        {
            return null;
        }
    }

    public Task LoadLoraAsync(string name, string path, bool? loadInPlace = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return PostAsync("v1/load_lora_adapter", ServerWriter.LoadLora(name, path, loadInPlace), PlainCall.Text, options, cancellationToken);
    }

    public Task UnloadLoraAsync(string name, VllmRequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return PostAsync("v1/unload_lora_adapter", ServerWriter.UnloadLora(name), PlainCall.Text, options, cancellationToken);
    }

    public Task SleepAsync(int level = 1, SleepMode? mode = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        var path = FormattableString.Invariant($"sleep?level={level}");
        if (mode is { Value.Length: > 0 } known) path += $"&mode={Uri.EscapeDataString(known.Value)}";
        return PostAsync(path, null, PlainCall.Text, options, cancellationToken);
    }

    public Task WakeUpAsync(IEnumerable<string>? tags = null, VllmRequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        var query = string.Join('&', (tags ?? []).Select(tag => $"tags={Uri.EscapeDataString(tag)}"));
        return PostAsync(query.Length == 0 ? "wake_up" : $"wake_up?{query}", null, PlainCall.Text, options, cancellationToken);
    }

    public Task<bool> IsSleepingAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => GetAsync("is_sleeping", options, ServerReader.IsSleeping, cancellationToken);

    public Task<bool?> ResetPrefixCacheAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => PostAsync("reset_prefix_cache", null, ServerReader.Success, options, cancellationToken);

    public Task<JsonElement> GetServerInfoAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => GetAsync("server_info?config_format=json", options, RawAnswer.Read, cancellationToken);

    public Task<JsonElement> GetTokenizerInfoAsync(VllmRequestOptions? options = null, CancellationToken cancellationToken = default) => GetAsync("tokenizer_info", options, RawAnswer.Read, cancellationToken);

    Task<T> GetAsync<T>(string path, VllmRequestOptions? options, PlainReading<T>.Reader read, CancellationToken cancellationToken) =>
        PlainCall.ReadAsync(transport, new(transport.Options, Checked(options)), HttpMethod.Get, path, null, read, cancellationToken);

    // What changes the server is never sent twice: the first may have worked though its answer was lost.
    Task<T> PostAsync<T>(string path, byte[]? body, PlainReading<T>.Reader read, VllmRequestOptions? options, CancellationToken cancellationToken) =>
        PlainCall.ReadAsync(transport, new(transport.Options, Checked(options)) { MaxRetries = 0 }, HttpMethod.Post, path, body, read, cancellationToken);

    VllmRequestOptions? Checked(VllmRequestOptions? options)
    {
        RequestOptionsCheck.Check(options, transport.Options);
        return options;
    }
}

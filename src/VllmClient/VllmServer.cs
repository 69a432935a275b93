using System.Text.Json;
using Vllm.Http;
using Vllm.Wire;

namespace Vllm;

/// <summary>The server behind a client.</summary>
sealed class VllmServer(Transport transport) : IVllmServer
{
    readonly ServerReadiness _readiness = new(transport);

    public Uri? BaseUrl => transport.Root;

    public Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default) => _readiness.IsHealthyAsync(cancellationToken);

    public Task<ModelInfo> WaitUntilReadyAsync(TimeSpan timeout, string? model = null, CancellationToken cancellationToken = default) =>
        _readiness.WaitAsync(timeout, model, cancellationToken);

    public Task<string> GetVersionAsync(CancellationToken cancellationToken = default) => GetAsync("version", null, ServerReader.Version, cancellationToken);

    public Task<string> GetMetricsTextAsync(CancellationToken cancellationToken = default) => GetAsync("metrics", null, PlainCall.Text, cancellationToken);

    public async Task<int?> GetLoadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await GetAsync<int?>("load", null, body => ServerReader.Load(body), cancellationToken).ConfigureAwait(false);
        }
        catch (VllmApiException error) when (error.IsUnsupported)
        {
            return null;
        }
    }

    public Task LoadLoraAsync(string name, string path, bool? loadInPlace = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return PostAsync("v1/load_lora_adapter", ServerWriter.LoadLora(name, path, loadInPlace), PlainCall.Text, cancellationToken);
    }

    public Task UnloadLoraAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return PostAsync("v1/unload_lora_adapter", ServerWriter.UnloadLora(name), PlainCall.Text, cancellationToken);
    }

    public Task SleepAsync(int level = 1, SleepMode? mode = null, CancellationToken cancellationToken = default)
    {
        var path = FormattableString.Invariant($"sleep?level={level}");
        if (mode is { Value.Length: > 0 } known) path += $"&mode={Uri.EscapeDataString(known.Value)}";
        return PostAsync(path, null, PlainCall.Text, cancellationToken);
    }

    public Task WakeUpAsync(IEnumerable<string>? tags = null, CancellationToken cancellationToken = default)
    {
        var query = string.Join('&', (tags ?? []).Select(tag => $"tags={Uri.EscapeDataString(tag)}"));
        return PostAsync(query.Length == 0 ? "wake_up" : $"wake_up?{query}", null, PlainCall.Text, cancellationToken);
    }

    public Task<bool> IsSleepingAsync(CancellationToken cancellationToken = default) => GetAsync("is_sleeping", null, ServerReader.IsSleeping, cancellationToken);

    public Task<bool?> ResetPrefixCacheAsync(CancellationToken cancellationToken = default) => PostAsync("reset_prefix_cache", null, ServerReader.Success, cancellationToken);

    public Task<JsonElement> GetServerInfoAsync(CancellationToken cancellationToken = default) => GetAsync("server_info?config_format=json", null, RawAnswer.Read, cancellationToken);

    public Task<JsonElement> GetTokenizerInfoAsync(CancellationToken cancellationToken = default) => GetAsync("tokenizer_info", null, RawAnswer.Read, cancellationToken);

    CallSettings Once() => new(transport.Options, null) { MaxRetries = 0 };

    Task<T> GetAsync<T>(string path, CallSettings? settings, PlainReading<T>.Reader read, CancellationToken cancellationToken) =>
        PlainCall.ReadAsync(transport, settings ?? new(transport.Options, null), HttpMethod.Get, path, null, read, cancellationToken);

    // What changes the server is never sent twice: the first may have worked though its answer was lost.
    Task<T> PostAsync<T>(string path, byte[]? body, PlainReading<T>.Reader read, CancellationToken cancellationToken) =>
        PlainCall.ReadAsync(transport, Once(), HttpMethod.Post, path, body, read, cancellationToken);
}

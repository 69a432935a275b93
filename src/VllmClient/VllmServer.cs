using System.Text.Json;
using Vllm.Http;
using Vllm.Wire;

namespace Vllm;

/// <summary>The server behind a client.</summary>
sealed class VllmServer(Transport transport) : IVllmServer
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public Uri? BaseUrl => transport.Root;

    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await GetAsync("health", Once(), PlainCall.Text, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (VllmException error) when (IsNotThere(error))
        {
            return false;
        }
    }

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

    public async Task<ModelInfo> WaitUntilReadyAsync(TimeSpan timeout, string? model = null, CancellationToken cancellationToken = default)
    {
        if (timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "The time to wait must be positive.");
        var clock = transport.Clock;
        var started = clock.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            VllmException last;
            try
            {
                return await TryAsync(model, cancellationToken).ConfigureAwait(false);
            }
            catch (VllmException error) when (IsNotThere(error))
            {
                last = error;
            }

            var elapsed = clock.GetElapsedTime(started);
            if (timeout != Timeout.InfiniteTimeSpan && elapsed + pause >= timeout) throw NotReady(timeout, elapsed, last);
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    async Task<ModelInfo> TryAsync(string? model, CancellationToken cancellationToken)
    {
        await GetAsync("health", Once(), PlainCall.Text, cancellationToken).ConfigureAwait(false);
        var models = await GetAsync("v1/models", Once(), ServerReader.Models, cancellationToken).ConfigureAwait(false);
        var wanted = model ?? transport.Options.DefaultModel;
        var found = wanted is null ? (models.Count > 0 ? models[0] : null) : models.FirstOrDefault(one => one.Id == wanted);
        if (found is null) throw Unknown(wanted, models);
        await InferAsync(found.Id, cancellationToken).ConfigureAwait(false);
        return found;
    }

    // The least that shows that the engine answers. A pooling model does not serve the route, and is ready all the same.
    async Task InferAsync(string model, CancellationToken cancellationToken)
    {
        var request = new CompletionRequest { Model = model, Prompt = "Hi", MaxTokens = 1 };
        var body = RequestWriter.Write(request, stream: false, transport.Defaults);
        try
        {
            await PlainCall.ReadAsync(transport, Once(), HttpMethod.Post, "v1/completions", body, PlainCall.Text, cancellationToken).ConfigureAwait(false);
        }
        catch (VllmApiException error) when (error.IsUnsupported || error.StatusCode == 400)
        {
            // The server is there and understands; it only generates nothing.
        }
    }

    static bool IsNotThere(VllmException error) => error is VllmApiException { StatusCode: 502 or 503 or 504 } or VllmConnectionException or VllmTimeoutException;

    VllmTimeoutException NotReady(TimeSpan timeout, TimeSpan elapsed, VllmException last) => new(
        FormattableString.Invariant($"{transport.Root}: not ready within {timeout.TotalSeconds:0.###} s. The last attempt: {last.Message}"),
        VllmTimeoutKind.Total, timeout, elapsed, last)
    {
        Endpoint = last.Endpoint,
        RequestId = last.RequestId,
    };

    VllmApiException Unknown(string? wanted, IReadOnlyList<ModelInfo> models) => new(
        wanted is null
            ? $"{transport.Root} serves no model."
            : $"{transport.Root} does not serve the model '{wanted}'. It serves: {string.Join(", ", models.Select(one => one.Id))}.",
        404, new ServerError(null, "NotFoundError", "model", null, true), null, null)
    {
        Endpoint = transport.Root,
    };

    CallSettings Once() => new(transport.Options, null) { MaxRetries = 0 };

    Task<T> GetAsync<T>(string path, CallSettings? settings, PlainReading<T>.Reader read, CancellationToken cancellationToken) =>
        PlainCall.ReadAsync(transport, settings ?? new(transport.Options, null), HttpMethod.Get, path, null, read, cancellationToken);

    // What changes the server is never sent twice: the first may have worked though its answer was lost.
    Task<T> PostAsync<T>(string path, byte[]? body, PlainReading<T>.Reader read, CancellationToken cancellationToken) =>
        PlainCall.ReadAsync(transport, Once(), HttpMethod.Post, path, body, read, cancellationToken);
}

using Vllm;
using Vllm.Resources;
using Vllm.Simulator;

namespace LoadRunnerSample;

/// <summary>The server under load: the one named, or a simulator on a loopback port.</summary>
sealed class Target : IAsyncDisposable
{
    static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(10);

    readonly VllmSimulator? _simulator;
    readonly VllmClient _client;
    readonly string? _model;

    Target(VllmSimulator? simulator, Uri url, RunOptions options)
    {
        _simulator = simulator;
        Url = url;
        _model = options.Model;
        _client = new(new VllmClientOptions { BaseUrl = url, ApiKey = options.ApiKey, DefaultModel = options.Model });
    }

    public Uri Url { get; }

    public IVllmClient Client => _client;

    public static async Task<Target> OpenAsync(RunOptions options, CancellationToken cancellationToken)
    {
        if (options.BaseUrl is { } url)
            return new(null, url, options);
        var simulator = new VllmSimulator(options.Simulator);
        return new(simulator, await simulator.StartAsync(cancellationToken: cancellationToken), options);
    }

    /// <summary>Finds out at once, rather than after minutes of waiting, whether there is a server that serves the model.</summary>
    public async Task CheckAsync(RunOptions options, CancellationToken cancellationToken)
    {
        if (options.ReadyTimeout is { } timeout)
            await _client.Server.WaitUntilReadyAsync(timeout, options.Model, cancellationToken: cancellationToken);
        if (await ModelsAsync(cancellationToken) is not { } models)
        {
            // A gateway may list no models and answer all the same.
            await ToldAsync(async () => await _client.Server.WaitUntilReadyAsync(FirstAnswer, options.Model, cancellationToken: cancellationToken));
            return;
        }

        if (options.Model is { } model && models.All(served => served.Id != model))
            throw new UsageException($"The server at {Url} does not serve the model '{model}'; it serves {string.Join(", ", models.Select(served => served.Id))}. Correct --model.");
    }

    /// <summary>Watches this client, the server, and the pages that were named; of the simulator also its GPU.</summary>
    public ResourceProbe Probe(RunOptions options)
    {
        var server = new ResourceServer("server") { Url = Url, Model = options.Model, PricePerHour = options.Price?.Amount };
        if (options.Price is { } price)
            server.Currency = price.Currency;
        if (options.ApiKey is { } key)
            server.Headers["Authorization"] = $"Bearer {key}";
        if (_simulator is not null)
            server.GpuExporter = new(Url, "dcgm/metrics");
        foreach (var page in options.Pages)
            server.Pages.Add(page);
        var settings = new ResourceProbeOptions { ServerInstruments = true };
        settings.Servers.Add(server);
        return new(settings);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_simulator is not null)
            await _simulator.DisposeAsync();
    }

    // Null if the server has no list of models.
    Task<IReadOnlyList<ModelInfo>?> ModelsAsync(CancellationToken cancellationToken) => ToldAsync<IReadOnlyList<ModelInfo>?>(async () =>
    {
        try
        {
            return await _client.ListModelsAsync(new() { MaxRetries = 0, Timeout = FirstAnswer }, cancellationToken);
        }
        catch (VllmApiException e) when (e.StatusCode is 404 or 405)
        {
            return null;
        }
    });

    // Says what to put right instead of what went wrong.
    async Task<T> ToldAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (VllmConnectionException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            throw new UsageException($"Nothing answers at {Url} ({Why(e)}): start vLLM there or correct --url; without --url the embedded simulator is driven.", e);
        }
        catch (VllmConnectionException e) when (e.HttpRequestError == HttpRequestError.NameResolutionError)
        {
            throw new UsageException($"The host '{Url.Host}' is unknown ({Why(e)}): correct --url.", e);
        }
        catch (VllmConnectionException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new UsageException($"The TLS handshake with {Url} failed ({Why(e)}): write http:// in --url if the server does not speak https, or make its certificate trusted.", e);
        }
        catch (VllmConnectionException e) when (Url.Scheme == "http" && e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse)
        {
            throw new UsageException($"What answers at {Url} closes the connection or does not speak http ({Why(e)}): write https:// in --url if it has a certificate, else correct the port.", e);
        }
        catch (VllmTimeoutException e)
        {
            throw new UsageException($"{Url} did not answer within 10 s: correct --url, or wait for a server that is still loading with --ready-timeout 5m.", e);
        }
        catch (VllmApiException e)
        {
            throw new UsageException(Cure(e), e);
        }
    }

    static string Why(Exception e) => e.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.');

    string Cure(VllmApiException e)
    {
        if (e.IsAuthentication)
            return $"The server at {Url} refuses the key (status {e.StatusCode}): give the right one with --api-key or in VLLM_API_KEY.";
        if (e.IsOverloaded)
            return $"The server at {Url} is not ready (status {e.StatusCode}): wait for it with --ready-timeout 5m.";
        if (e.StatusCode is 400 or 422 && _model is null)
            return $"The server at {Url} lists no models and refuses a request that names none (status {e.StatusCode}): name one with --model.";
        return e.StatusCode is 404 or 405 && !e.IsModelNotFound
            ? $"There is no vLLM at {Url} (it serves neither /v1/models nor answers): --url takes http://HOST:PORT, with the server's own prefix if it has one."
            : e.Message;
    }
}

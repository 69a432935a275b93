using Vllm.Simulator;
using Vllm.Tests.Exporters;

namespace Vllm.Tests.Prometheus;

/// <summary>One run that all tests look at: samples/Exporters sends load to a simulator, and a real Prometheus scrapes both.</summary>
public sealed class ScrapedRun : IAsyncLifetime
{
    /// <summary>The window of rates in the tests, in place of minutes.</summary>
    public const string Window = "20s";

    const int LoadSeconds = 26;

    FaultyFront? _front;
    StartedProgram? _sample;
    ServedResources? _resources;
    PrometheusServer? _prometheus;

    internal FaultyFront Front => _front ?? throw new InvalidOperationException("The run has not begun.");

    internal PrometheusServer Prometheus => _prometheus ?? throw new InvalidOperationException("The run has not begun.");

    /// <summary>A moment late in the load, more than a window after its beginning.</summary>
    public DateTimeOffset UnderLoad { get; private set; }

    /// <summary>A moment after the load, when the last of it has been scraped.</summary>
    public DateTimeOffset Ended { get; private set; }

    public async ValueTask InitializeAsync()
    {
        // Each test says so for itself.
        if (!PromTool.Has("prometheus")) return;
        var token = TestContext.Current.CancellationToken;
        // The first token comes a third of a second after the request: just above a bound of the histogram, far from the next.
        _front = await FaultyFront.StartAsync(new SimulatorOptions { HttpDelay = TimeSpan.FromMilliseconds(325), PromptTokenDetails = true }, token);
        var port = PrometheusServer.FreePort();
        _resources = await ServedResources.StartAsync(token);
        _prometheus = await PrometheusServer.StartAsync(new($"http://localhost:{port}"), _resources.Url, _front.Url, token);
        // Eight users and room for six: two always wait at the gate. Nobody names a model: the server chooses.
        _sample = StartedProgram.Sample(
            ["prometheus", "--url", _front.Url.ToString(), "--port", $"{port}", "--for", $"{LoadSeconds}s"],
            new Dictionary<string, string> { ["Vllm__MaxConcurrentRequests"] = "6" });
        await _sample.HasWrittenAsync("Sending chats", token);
        var begun = TimeProvider.System.GetUtcNow();
        await _sample.HasWrittenAsync("The load has ended", token);
        // Asked at the moment of a scrape, so that rates need not guess what came after it.
        UnderLoad = await _prometheus.LastScrapeAsync(begun + TimeSpan.FromSeconds(LoadSeconds - 2), token)
            ?? throw new InvalidOperationException($"Nothing was scraped. Prometheus wrote:\n{_prometheus.Text}");
        // The exporter gives a scrape again what it gave another one less than 0.3 s before.
        Ended = await _prometheus.HasScrapedAfterAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1), token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_sample is not null) await _sample.DisposeAsync();
        if (_prometheus is not null) await _prometheus.DisposeAsync();
        if (_resources is not null) await _resources.DisposeAsync();
        if (_front is not null) await _front.DisposeAsync();
    }
}

using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using Vllm.Resources;

namespace Vllm.Tests.Prometheus;

/// <summary>A resource probe whose instruments are served on a port of their own: this process, and a planted machine with everything that can be shown.</summary>
sealed class ServedResources : IAsyncDisposable
{
    readonly ServiceProvider _services;

    ServedResources(int port)
    {
        Url = new($"http://localhost:{port}");
        var services = new ServiceCollection();
        services.Configure<PrometheusHttpListenerOptions>(options => options.Port = port);
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("VllmClient.Metrics").AddPrometheusHttpListener());
        services.AddVllmResourceProbe(options => options.Sources.Add(new PlantedMachine("gpu-1")));
        _services = services.BuildServiceProvider();
    }

    public Uri Url { get; }

    public static async Task<ServedResources> StartAsync(CancellationToken cancellationToken)
    {
        var served = new ServedResources(PrometheusServer.FreePort());
        served._services.GetRequiredService<MeterProvider>();
        var probe = served._services.GetRequiredService<ResourceProbe>();
        await probe.SampleAsync(cancellationToken);
        probe.Start();
        return served;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

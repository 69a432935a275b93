using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace ExportersSample;

/// <summary>
/// Metrics at http://localhost:9464/metrics for Prometheus to scrape. Package: OpenTelemetry.Exporter.Prometheus.HttpListener, a pre-release, as all Prometheus exporters of OpenTelemetry .NET are.
/// In a container add <c>options => options.Host = "*"</c>. In ASP.NET Core, OpenTelemetry.Exporter.Prometheus.AspNetCore serves the same text on the application's own port:
/// <c>AddPrometheusExporter()</c> here, and <c>app.MapPrometheusScrapingEndpoint()</c>.
/// </summary>
static class PrometheusExporter
{
    public static void Add(IServiceCollection services)
    {
        #region snippet prometheus
        services.AddVllmClient();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddVllmClientInstrumentation().AddPrometheusHttpListener());
        #endregion
    }
}

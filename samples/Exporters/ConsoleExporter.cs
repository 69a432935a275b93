using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ExportersSample;

/// <summary>Metrics and spans on the console. Package: OpenTelemetry.Exporter.Console.</summary>
static class ConsoleExporter
{
    public static void Add(IServiceCollection services)
    {
        services.AddVllmClient();
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddVllmClientInstrumentation().AddConsoleExporter((_, reader) =>
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 10_000))
            .WithTracing(tracing => tracing.AddVllmClientInstrumentation().AddConsoleExporter());
    }
}

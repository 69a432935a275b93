using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ExportersSample;

/// <summary>
/// Metrics and spans to an OpenTelemetry Collector, or to anything else that speaks OTLP. Package: OpenTelemetry.Exporter.OpenTelemetryProtocol.
/// Where to and how is set from outside: OTEL_EXPORTER_OTLP_ENDPOINT (default http://localhost:4317), OTEL_EXPORTER_OTLP_PROTOCOL (grpc or http/protobuf), OTEL_METRIC_EXPORT_INTERVAL (ms).
/// </summary>
static class OtlpExporter
{
    public static void Add(IServiceCollection services)
    {
        services.AddVllmClient();
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddVllmClientInstrumentation().AddOtlpExporter())
            .WithTracing(tracing => tracing.AddVllmClientInstrumentation().AddOtlpExporter());
    }
}

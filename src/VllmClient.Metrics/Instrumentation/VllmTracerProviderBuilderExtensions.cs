using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace OpenTelemetry.Trace;

/// <summary>Exports the spans of VllmClient through OpenTelemetry.</summary>
public static class VllmTracerProviderBuilderExtensions
{
    /// <summary>Adds the client's spans, one per call. <c>AddSource("VllmClient")</c> gives the same with default options; a second call adds nothing.</summary>
    /// <param name="builder">The builder of the tracer provider.</param>
    /// <param name="configure">Changes the options; null keeps the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TracerProviderBuilder AddVllmClientInstrumentation(this TracerProviderBuilder builder, Action<VllmTracerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var isFirst = false;
        builder.ConfigureServices(services =>
        {
            isFirst = services.All(service => service.ServiceType != typeof(AddedMarker));
            if (isFirst) services.AddSingleton<AddedMarker>();
        });
        if (!isFirst) return builder;

        var options = new VllmTracerOptions();
        configure?.Invoke(options);
        builder.AddSource(Vllm.VllmTelemetry.ActivitySourceName);
        if (options.IncludeHttp) AddHttp(builder);
        return builder;
    }

    static void AddHttp(TracerProviderBuilder builder) => builder.AddHttpClientInstrumentation(Vllm.VllmTelemetry.ActivitySourceName, http =>
    {
        http.FilterHttpRequestMessage = _ => IsBelowOurs(Activity.Current);
        http.EnrichWithHttpRequestMessage = (span, request) =>
        {
            if (request.Headers.TryGetValues("X-Request-Id", out var ids)) span.SetTag(Vllm.VllmTelemetry.Attributes.RequestId, string.Join(", ", ids));
        };
    });

    // Scrapes of /metrics and /health, and everybody else's requests, have no such parent.
    static bool IsBelowOurs(Activity? span)
    {
        for (; span is not null; span = span.Parent)
        {
            if (span.Source.Name == Vllm.VllmTelemetry.ActivitySourceName) return true;
        }
        return false;
    }

    sealed class AddedMarker;
}

using Microsoft.Extensions.DependencyInjection;

namespace OpenTelemetry.Metrics;

/// <summary>Exports the metrics of VllmClient through OpenTelemetry.</summary>
public static class VllmMeterProviderBuilderExtensions
{
    // The convention's own list is the same for every duration.
    static readonly double[] ConventionSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    static readonly double[] ConventionTokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    /// <summary>Adds the client's metrics. <c>AddMeter("VllmClient")</c> gives the same with default options; a second call adds nothing.</summary>
    /// <param name="builder">The builder of the meter provider.</param>
    /// <param name="configure">Changes the options; null keeps the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static MeterProviderBuilder AddVllmClientInstrumentation(this MeterProviderBuilder builder, Action<VllmMeterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var isFirst = false;
        builder.ConfigureServices(services =>
        {
            isFirst = services.All(service => service.ServiceType != typeof(AddedMarker));
            if (isFirst) services.AddSingleton<AddedMarker>();
        });
        // A second view would export every histogram twice.
        if (!isFirst) return builder;

        var options = new VllmMeterOptions();
        configure?.Invoke(options);
        builder.AddMeter(Vllm.VllmTelemetry.MeterName);
        if (options.IncludeLoadAndResources) builder.AddMeter("VllmClient.Metrics");
        if (options.IncludeHttp) builder.AddMeter("System.Net.Http", "System.Net.NameResolution");
        var histograms = options.Histograms;
        var chunkGaps = options.ChunkGaps;
        if (histograms != VllmHistograms.Recommended || !chunkGaps) builder.AddView(instrument => View(instrument, histograms, chunkGaps)!);
        return builder;
    }

    static MetricStreamConfiguration? View(System.Diagnostics.Metrics.Instrument instrument, VllmHistograms histograms, bool chunkGaps)
    {
        if (instrument.Meter.Name is not (Vllm.VllmTelemetry.MeterName or "VllmClient.Metrics")) return null;
        if (!chunkGaps && instrument.Name == Vllm.VllmTelemetry.Instruments.TimePerOutputChunk) return MetricStreamConfiguration.Drop;
        if (instrument is not (System.Diagnostics.Metrics.Histogram<double> or System.Diagnostics.Metrics.Histogram<long>)) return null;
        return histograms switch
        {
            VllmHistograms.Exponential => new Base2ExponentialBucketHistogramConfiguration { MaxSize = 160, MaxScale = 20 },
            VllmHistograms.SemanticConventions when instrument.Name.StartsWith("gen_ai.", StringComparison.Ordinal) =>
                new ExplicitBucketHistogramConfiguration { Boundaries = instrument.Unit == "s" ? ConventionSeconds : ConventionTokens },
            _ => null,
        };
    }

    sealed class AddedMarker;
}

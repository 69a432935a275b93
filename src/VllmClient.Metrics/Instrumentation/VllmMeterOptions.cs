namespace OpenTelemetry.Metrics;

/// <summary>How the client's histograms are exported.</summary>
public enum VllmHistograms
{
    /// <summary>With the bounds that the instruments advise: those of the convention and some more where answers of language models fall.</summary>
    Recommended,

    /// <summary>The <c>gen_ai.*</c> instruments with exactly the bounds of the OpenTelemetry GenAI convention, the others as recommended.</summary>
    SemanticConventions,

    /// <summary>As exponential histograms of at most 160 buckets. For OTLP only: the Prometheus exporters of .NET drop them.</summary>
    Exponential,
}

/// <summary>What <c>AddVllmClientInstrumentation</c> adds to a meter provider.</summary>
public sealed class VllmMeterOptions
{
    /// <summary>Whether the load runner's and the resource probe's instruments are exported too (meter <c>VllmClient.Metrics</c>). Default: true.</summary>
    public bool IncludeLoadAndResources { get; set; } = true;

    /// <summary>Whether .NET's own HTTP and name resolution metrics are exported too. They cover the whole process. Default: false.</summary>
    public bool IncludeHttp { get; set; }

    /// <summary>How histograms are exported. Default: <see cref="VllmHistograms.Recommended"/>, which adds no view.</summary>
    public VllmHistograms Histograms { get; set; } = VllmHistograms.Recommended;

    /// <summary>Whether the gap before every content event is exported, the one instrument that records per chunk. Default: true.</summary>
    public bool ChunkGaps { get; set; } = true;
}

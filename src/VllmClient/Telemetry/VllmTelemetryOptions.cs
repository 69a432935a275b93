namespace Vllm;

/// <summary>When calls are recorded in the shared <c>gen_ai.client.*</c> instruments.</summary>
public enum GenAiMetricsMode
{
    /// <summary>Native calls always; adapter calls only while no other library publishes the same instruments.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never; the <c>vllm.client.*</c> instruments are recorded all the same.</summary>
    Never,
}

/// <summary>What the client's instruments and spans say about calls.</summary>
public sealed class VllmTelemetryOptions
{
    /// <summary>Value of <c>gen_ai.provider.name</c>. Default: <c>vllm</c>.</summary>
    public string ProviderName { get; set; } = "vllm";

    /// <summary>Whether <c>gen_ai.client.*</c> instruments are recorded. Default: <see cref="GenAiMetricsMode.Auto"/>.</summary>
    public GenAiMetricsMode EmitGenAiMetrics { get; set; } = GenAiMetricsMode.Auto;

    /// <summary>Maps a model name to the one that metrics show, for instance to drop a path. Default: null, the name as it is.</summary>
    public Func<string, string>? ModelName { get; set; }

    /// <summary>How many different model names metrics may show before the rest become <c>_OTHER</c>. Default: 100; at least 1.</summary>
    public int MaxModels { get; set; } = 100;

    /// <summary>Tags added to every metric of this client; together with those of a request at most 2. Default: empty.</summary>
    public IDictionary<string, string> Tags { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether requests carry <c>traceparent</c>. Default: true.</summary>
    public bool PropagateContext { get; set; } = true;

    internal VllmTelemetryOptions Copy()
    {
        var copy = new VllmTelemetryOptions
        {
            ProviderName = ProviderName,
            EmitGenAiMetrics = EmitGenAiMetrics,
            ModelName = ModelName,
            MaxModels = MaxModels,
            PropagateContext = PropagateContext,
        };
        foreach (var tag in Tags) copy.Tags.Add(tag);
        return copy;
    }
}

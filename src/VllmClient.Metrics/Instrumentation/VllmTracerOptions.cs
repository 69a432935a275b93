namespace OpenTelemetry.Trace;

/// <summary>What <c>AddVllmClientInstrumentation</c> adds to a tracer provider.</summary>
public sealed class VllmTracerOptions
{
    /// <summary>
    /// Whether the HTTP requests below the client's spans are traced too, one span per attempt. Default: false.
    /// Leave it so where the application calls <c>AddHttpClientInstrumentation</c> itself: that traces these requests already, and the filter here would silence its others.
    /// </summary>
    public bool IncludeHttp { get; set; }
}

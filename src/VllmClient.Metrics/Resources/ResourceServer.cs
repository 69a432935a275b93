namespace Vllm.Resources;

/// <summary>One server to watch: vLLM's own page and the exporters beside it.</summary>
public sealed class ResourceServer
{
    /// <summary>Creates a server without a name, to be set.</summary>
    public ResourceServer() { }

    /// <summary>Creates a server.</summary>
    /// <param name="name">Its name, unique and not <c>app</c>.</param>
    public ResourceServer(string name) => Name = name;

    /// <summary>The target's name, unique and not <c>app</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>Where vLLM answers; <c>/metrics</c> and <c>/health</c> are below it. Default: null, not read.</summary>
    public Uri? Url { get; set; }

    /// <summary>The page of a Prometheus node exporter on the server's machine. Default: null, not read.</summary>
    public Uri? NodeExporter { get; set; }

    /// <summary>The page of a dcgm-exporter or nvidia_gpu_exporter on the server's machine. Default: null, not read.</summary>
    public Uri? GpuExporter { get; set; }

    /// <summary>Further pages on the server's machine whose kind follows from their series: vLLM's own, a node exporter's or a GPU exporter's. Default: none.</summary>
    public IList<Uri> Pages { get; } = [];

    /// <summary>The model whose series count. Default: null, all.</summary>
    public string? Model { get; set; }

    /// <summary>The server's GPUs on its machine, by UUID or by number. Default: empty, all of the exporter's.</summary>
    public IList<string> GpuIds { get; } = [];

    /// <summary>Headers sent to the origin of <see cref="Url"/>, such as a key; without it, to the exporters. Default: none.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the machine costs per hour, 0 or more. Default: null, unknown.</summary>
    public decimal? PricePerHour { get; set; }

    /// <summary>The currency of <see cref="PricePerHour"/>. Default: USD.</summary>
    public string Currency { get; set; } = "USD";

    /// <summary>Asked for a key before each request to the origin of <see cref="Url"/>; beats the header.</summary>
    internal Func<CancellationToken, ValueTask<string?>>? KeyProvider { get; set; }

    internal ResourceServer Copy()
    {
        var copy = new ResourceServer(Name)
        {
            Url = Url,
            NodeExporter = NodeExporter,
            GpuExporter = GpuExporter,
            Model = Model,
            PricePerHour = PricePerHour,
            Currency = Currency,
            KeyProvider = KeyProvider,
        };
        foreach (var page in Pages) copy.Pages.Add(page);
        foreach (var id in GpuIds) copy.GpuIds.Add(id);
        foreach (var (name, value) in Headers) copy.Headers[name] = value;
        return copy;
    }
}

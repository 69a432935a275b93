namespace Vllm.Resources;

/// <summary>Settings of a resource probe. They are copied when the probe is made; later changes have no effect.</summary>
public sealed class ResourceProbeOptions
{
    /// <summary>Time between two samples, 100 ms to 1 h. Default: 1 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two readings of a page, unless something records; then it is <see cref="Interval"/>. Never shorter than that. Default: 5 s.</summary>
    public TimeSpan RemoteInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The servers to watch, each with its own name. Default: none.</summary>
    public IList<ResourceServer> Servers { get; } = [];

    /// <summary>Whether to watch the server of the application's client that has no key, as the target <c>vllm</c>. Works with <c>AddVllmResourceProbe</c>. Default: true.</summary>
    public bool WatchDefaultClient { get; set; } = true;

    /// <summary>How to read the GPUs of this machine. Default: <see cref="LocalGpuSource.Auto"/>.</summary>
    public LocalGpuSource LocalGpus { get; set; } = LocalGpuSource.Auto;

    /// <summary>The GPUs of this machine to show, by UUID or by number. Default: empty, all.</summary>
    public IList<string> GpuIds { get; } = [];

    /// <summary>Whether the probe shows its latest sample as instruments. Default: true.</summary>
    public bool Instruments { get; set; } = true;

    /// <summary>Whether vLLM's own figures are instruments too; they double what a scraped vLLM says already. Default: false.</summary>
    public bool ServerInstruments { get; set; }

    /// <summary>Further sources of your own. Default: none.</summary>
    public IList<IResourceSource> Sources { get; } = [];

    internal ResourceProbeOptions Copy()
    {
        var copy = new ResourceProbeOptions
        {
            Interval = Interval,
            RemoteInterval = RemoteInterval,
            WatchDefaultClient = WatchDefaultClient,
            LocalGpus = LocalGpus,
            Instruments = Instruments,
            ServerInstruments = ServerInstruments,
        };
        foreach (var server in Servers) copy.Servers.Add(server.Copy());
        foreach (var id in GpuIds) copy.GpuIds.Add(id);
        foreach (var source in Sources) copy.Sources.Add(source);
        return copy;
    }
}

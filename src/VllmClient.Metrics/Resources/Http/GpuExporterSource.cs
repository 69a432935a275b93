namespace Vllm.Resources;

/// <summary>The GPUs of a server, by dcgm-exporter or nvidia_gpu_exporter.</summary>
sealed class GpuExporterSource(ResourceServer server, Scraper scraper) : IResourceSource
{
    readonly GpuFilter _filter = new(server.GpuIds);

    public string Name => "gpu_exporter";

    public string Target { get; } = server.Name;

    public async ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        using var page = await scraper.GetPageAsync(cancellationToken).ConfigureAwait(false);
        var all = GpuPage.Read(page.Text, out var skipped);
        if (all.Count == 0) return ResourceReading.Absent($"{scraper.Shown} has no series of a GPU exporter");
        var gpus = _filter.Of(all);
        return gpus.Count == 0
            ? ResourceReading.Absent($"{scraper.Shown} has none of the GPUs asked for")
            : new() { Gpus = gpus, SkippedLines = skipped, Timestamp = page.Stamp };
    }
}

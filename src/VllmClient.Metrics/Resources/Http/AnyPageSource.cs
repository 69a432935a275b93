namespace Vllm.Resources;

/// <summary>A page of which only the address is known: what it is follows from its series.</summary>
sealed class AnyPageSource(ResourceServer server, Scraper scraper) : IResourceSource
{
    readonly GpuFilter _filter = new(server.GpuIds);
    readonly VllmPage _vllm = new(server.Model);
    Func<Page, ResourceReading?>? _kind;

    public string Name => scraper.Where;

    public string Target { get; } = server.Name;

    public async ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        using var page = await scraper.GetPageAsync(cancellationToken).ConfigureAwait(false);
        if (_kind?.Invoke(page) is { } known) return known;
        foreach (var kind in (Func<Page, ResourceReading?>[])[OfVllm, OfNode, OfGpus])
        {
            if (kind(page) is not { } reading) continue;
            _kind = kind;
            return reading;
        }

        return ResourceReading.Absent($"{scraper.Shown} has no series of vLLM, a node exporter or a GPU exporter");
    }

    ResourceReading? OfVllm(Page page) => _vllm.Read(page.Text) is { } sample ? new() { Server = sample, SkippedLines = _vllm.SkippedLines, Timestamp = page.Stamp } : null;

    static ResourceReading? OfNode(Page page) => NodePage.Read(page.Text, out var skipped) is { } machine ? new() { Machine = machine, SkippedLines = skipped, Timestamp = page.Stamp } : null;

    ResourceReading? OfGpus(Page page) =>
        GpuPage.Read(page.Text, out var skipped) is { Count: > 0 } all ? new() { Gpus = _filter.Of(all), SkippedLines = skipped, Timestamp = page.Stamp } : null;
}

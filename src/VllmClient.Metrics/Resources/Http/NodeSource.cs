namespace Vllm.Resources;

/// <summary>The machine of a server, by a node exporter.</summary>
sealed class NodeSource(string target, Scraper scraper) : IResourceSource
{
    public string Name => "node_exporter";

    public string Target => target;

    public async ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        using var page = await scraper.GetPageAsync(cancellationToken).ConfigureAwait(false);
        var machine = NodePage.Read(page.Text, out var skipped);
        return machine is null
            ? ResourceReading.Absent($"{scraper.Shown} has no series of a node exporter")
            : new() { Machine = machine, SkippedLines = skipped, Timestamp = page.Stamp };
    }
}

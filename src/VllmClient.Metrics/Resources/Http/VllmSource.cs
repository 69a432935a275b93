using System.Net;

namespace Vllm.Resources;

/// <summary>vLLM's own page, and its word on whether the engine lives.</summary>
sealed class VllmSource(ResourceServer server, Scraper metrics, Scraper health) : IResourceSource
{
    readonly VllmPage _page = new(server.Model);

    public string Name => "vllm";

    public string Target { get; } = server.Name;

    public async ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        var asked = IsHealthyAsync(cancellationToken);
        ServerSample? sample;
        long? stamp = null;
        try
        {
            using var page = await metrics.GetPageAsync(cancellationToken).ConfigureAwait(false);
            sample = _page.Read(page.Text);
            stamp = page.Stamp;
        }
        catch (SourceFailure) when (asked.IsCompletedSuccessfully && asked.Result == false)
        {
            // The dead engine is worth telling although its page is gone.
            sample = new();
        }

        var healthy = await asked.ConfigureAwait(false);
        if (sample is null && healthy != false)
            return ResourceReading.Absent($"{metrics.Shown} has no series of vLLM's{(server.Model is null ? "" : $" for the model '{server.Model}'")}; was vLLM started with --disable-log-stats?");
        sample = (sample ?? new()) with { Healthy = healthy };
        // The page of a dead engine shows its last moment for ever.
        if (healthy == false) sample = sample with { Running = null, Waiting = null, KvCacheUtilization = null, Engines = [] };
        return new() { Server = sample, SkippedLines = _page.SkippedLines, Timestamp = stamp };
    }

    async Task<bool?> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var page = await health.GetAsync(cancellationToken).ConfigureAwait(false);
            return page.Status switch
            {
                HttpStatusCode.OK => true,
                HttpStatusCode.ServiceUnavailable => false,
                _ => null,
            };
        }
        catch (Exception error) when (error is SourceFailure or OperationCanceledException)
        {
            return null;
        }
    }
}

using System.Net;

namespace Vllm.Resources;

/// <summary>vLLM's own page, and its word on whether the engine lives.</summary>
sealed class VllmSource(ResourceServer server, Scraper metrics, Scraper health, TimeProvider clock) : IResourceSource
{
    readonly VllmPage _page = new(server.Model);

    public string Name => "vllm";

    public string Target { get; } = server.Name;

    public async ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        var (page, healthy) = await PageAndHealth.ReadAsync(
            metrics.GetPageAsync, IsHealthyAsync, static error => error is SourceFailure or OperationCanceledException, clock, cancellationToken).ConfigureAwait(false);
        using var given = page;
        var sample = page is null ? null : _page.Read(page.Text);
        return Reading(sample, healthy, metrics.Shown, server.Model) with { SkippedLines = page is null ? 0 : _page.SkippedLines, Timestamp = page?.Stamp };
    }

    /// <summary>What a page and the word on the engine's health give together.</summary>
    /// <param name="sample">The page; null if it has no series of vLLM's.</param>
    /// <param name="healthy">Whether the engine lives; null: not told.</param>
    /// <param name="shown">What was asked, as it may be shown.</param>
    /// <param name="model">The model whose series were wanted; null: all.</param>
    public static ResourceReading Reading(ServerSample? sample, bool? healthy, string shown, string? model)
    {
        if (sample is null && healthy != false)
            return ResourceReading.Absent($"{shown} has no series of vLLM's{(model is null ? "" : $" for the model '{model}'")}; was vLLM started with --disable-log-stats?");
        sample = (sample ?? new()) with { Healthy = healthy };
        // The page of a dead engine shows its last moment for ever.
        if (healthy == false) sample = sample with { Running = null, Waiting = null, KvCacheUtilization = null, Engines = [] };
        return new() { Server = sample };
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

using System.Buffers;
using System.Text;

namespace Vllm.Resources;

/// <summary>The server behind a client, asked through that client: so its address, key and clock are the client's.</summary>
sealed class ClientSource(IVllmClient client, TimeProvider clock) : IResourceSource
{
    public const string TargetName = "server";
    const string Shown = "GET /metrics";

    readonly VllmPage _page = new();

    public string Name => "vllm";

    public string Target => TargetName;

    public async ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var (page, healthy) = await PageAndHealth.ReadAsync(PageAsync, IsHealthyAsync, IsOfPage, clock, cancellationToken).ConfigureAwait(false);
            var sample = page is null ? null : Read(page.Text);
            return VllmSource.Reading(sample, healthy, Shown, null) with { SkippedLines = page is null ? 0 : _page.SkippedLines, Timestamp = page?.Stamp };
        }
        catch (VllmException error)
        {
            // The exception's own message may quote the server; its kind and status are enough.
            throw new SourceFailure(error is VllmApiException answer ? FormattableString.Invariant($"{Shown}: status {answer.StatusCode}") : $"{Shown}: {error.GetType().Name}", error);
        }
    }

    async Task<TextPage> PageAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var text = await client.Server.GetMetricsTextAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(text, started + ((clock.GetTimestamp() - started) / 2));
    }

    // The client calls a server unhealthy that is not there at all, and that is no dead engine.
    static bool IsOfPage(Exception error) => error is VllmException and not VllmConnectionException or OperationCanceledException;

    ServerSample? Read(string text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return _page.Read(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    async Task<bool?> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.Server.IsHealthyAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is VllmException or OperationCanceledException)
        {
            return null;
        }
    }

    sealed record TextPage(string Text, long Stamp);
}

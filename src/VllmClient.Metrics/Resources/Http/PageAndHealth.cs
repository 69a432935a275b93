namespace Vllm.Resources;

/// <summary>Asks for a server's page and for its word on its engine at once. What the two give together is the same whichever answers first.</summary>
static class PageAndHealth
{
    // One server serves both, so what takes this much longer than the other will not come. Shorter than a reading may take.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>The page, and whether the engine lives; null if that was not told.</summary>
    /// <param name="page">Fetches the page.</param>
    /// <param name="health">Asks for the word; whatever goes wrong is null.</param>
    /// <param name="isOfPage">Whether a failure is one of the page alone, so that a dead engine is told without it: the page is null then.</param>
    /// <param name="clock">The probe's clock.</param>
    /// <param name="cancellationToken">The end of the reading.</param>
    public static async Task<(T? Page, bool? IsHealthy)> ReadAsync<T>(
        Func<CancellationToken, Task<T>> page, Func<CancellationToken, Task<bool?>> health, Func<Exception, bool> isOfPage, TimeProvider clock, CancellationToken cancellationToken)
        where T : class
    {
        using var endOfPage = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var endOfHealth = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = health(endOfHealth.Token);
        var read = page(endOfPage.Token);
        await Task.WhenAny(asked, read).ConfigureAwait(false);
        if (!asked.IsCompleted) await HurryAsync(asked, endOfHealth, clock, cancellationToken).ConfigureAwait(false);
        var isHealthy = await asked.ConfigureAwait(false);
        if (isHealthy == false) await HurryAsync(read, endOfPage, clock, cancellationToken).ConfigureAwait(false);
        try
        {
            return (await read.ConfigureAwait(false), isHealthy);
        }
        catch (Exception error) when (isHealthy == false && isOfPage(error) && !cancellationToken.IsCancellationRequested)
        {
            // The dead engine is worth telling although its page is gone.
            return (null, isHealthy);
        }
    }

    static async Task HurryAsync(Task late, CancellationTokenSource end, TimeProvider clock, CancellationToken cancellationToken)
    {
        await late.WaitAsync(Patience, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
#pragma warning disable CA1849 // CancelAsync goes through the thread pool, where the order of events on virtual time would be lost.
        if (!late.IsCompleted) end.Cancel();
#pragma warning restore CA1849
    }
}

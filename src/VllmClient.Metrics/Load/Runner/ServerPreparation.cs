namespace Vllm.Load;

/// <summary>Gets the server ready before a run.</summary>
static class ServerPreparation
{
    const int MostConnections = 256;

    /// <summary>Waits for the server and asks what it is.</summary>
    /// <returns>Model and version; null where there is no client or no answer.</returns>
    public static async Task<(string? Model, string? Version)> ReadyAsync(IVllmClient? client, LoadPlan plan, CancellationToken cancellationToken)
    {
        if (client is null) return default;
        var model = await client.Server.WaitUntilReadyAsync(plan.ReadyTimeout, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            return (model.Id, await client.Server.GetVersionAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (VllmException)
        {
            // A server without that endpoint can still be measured.
            return (model.Id, null);
        }
    }

    /// <summary>The address of a client's server as it may be shown; null if there is none.</summary>
    public static string? UrlOf(IVllmClient? client) => client?.Server.BaseUrl is { IsAbsoluteUri: true } url
        ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/')
        : null;

    /// <summary>Opens as many connections as the first phase will want, as far as the server lets it.</summary>
    public static async Task ConnectAsync(IVllmClient client, LoadPlan plan, CancellationToken cancellationToken)
    {
        var wanted = plan.Phases.First(p => p is not PausePhase) is RatePhase rate ? rate.PerSecond : ((UsersPhase)plan.Phases.First(p => p is not PausePhase)).Count;
        var count = (int)Math.Clamp(Math.Ceiling(wanted), 1, MostConnections);
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => TryAsync(client, cancellationToken))).ConfigureAwait(false);
    }

    static async Task TryAsync(IVllmClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.Server.IsHealthyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (VllmException)
        {
            // The run itself will tell.
        }
    }
}

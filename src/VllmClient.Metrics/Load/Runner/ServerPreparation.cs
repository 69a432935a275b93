namespace Vllm.Load;

/// <summary>Gets the server ready before a run.</summary>
static class ServerPreparation
{
    const int MostConnections = 256;

    /// <summary>The check that says how much is known of the server's readiness; it stands in a report only if that could not be asked.</summary>
    public const string Ready = "check-ready";

    /// <summary>Waits for the server and asks what it is.</summary>
    public static async Task<ReadyServer> ReadyAsync(IVllmClient? client, LoadPlan plan, CancellationToken cancellationToken)
    {
        if (client is null) return default;
        ModelInfo? model = null;
        try
        {
            model = await client.Server.WaitUntilReadyAsync(plan.ReadyTimeout, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (VllmApiException error) when (IsNoAnswer(error) && !error.IsModelNotFound)
        {
            // The work may know a path of its own. Whether the server answers there, the run will tell.
        }

        var check = await SaysAsync(client, model, cancellationToken).ConfigureAwait(false) ? null : new CheckResult
        {
            Name = Ready,
            Message = $"readiness: the server has neither /health nor /v1/models; {(model is null ? "the run began without asking" : "it answered one request before the run")}",
        };
        return new(model is { Id.Length: > 0 } ? model.Id : null, await VersionAsync(client, cancellationToken).ConfigureAwait(false), check);
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
            await client.Server.IsHealthyAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (VllmException)
        {
            // The run itself will tell.
        }
    }

    static bool IsNoAnswer(VllmApiException error) => error.StatusCode is 400 or 404 or 405 or 422 or 501;

    // A list of vLLM's own tells more than a name. Only where it does not may there be no list, and then the server is asked once more.
    static async Task<bool> SaysAsync(IVllmClient client, ModelInfo? model, CancellationToken cancellationToken)
    {
        if (model is { MaxModelLength: not null } or { Root: not null }) return true;
        try
        {
            await client.Server.IsHealthyAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (VllmException)
        {
            return false;
        }
    }

    static async Task<string?> VersionAsync(IVllmClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Server.GetVersionAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (VllmException)
        {
            // A server without that endpoint can still be measured.
            return null;
        }
    }
}

/// <summary>What a server told of itself before a run.</summary>
/// <param name="Model">The model that is ready; null where there is no client or no answer.</param>
/// <param name="Version">Its version, likewise.</param>
/// <param name="Check">Says that readiness could not be asked; null if it could.</param>
readonly record struct ReadyServer(string? Model, string? Version, CheckResult? Check);

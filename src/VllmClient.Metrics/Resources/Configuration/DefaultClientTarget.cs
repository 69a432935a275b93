using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Vllm.Resources;

/// <summary>Adds the server of the application's default client to those watched.</summary>
sealed class DefaultClientTarget(IServiceProvider services, IOptionsMonitor<VllmClientOptions> clients) : IPostConfigureOptions<ResourceProbeOptions>
{
    const string TargetName = "vllm";
    static readonly Uri DefaultUrl = new("http://localhost:8000");

    public void PostConfigure(string? name, ResourceProbeOptions options)
    {
        if (!options.WatchDefaultClient || services.GetService<IServiceProviderIsService>()?.IsService(typeof(IVllmClient)) != true) return;
        var client = clients.CurrentValue;
        var url = client.BaseUrl ?? DefaultUrl;
        if (options.Servers.Any(server => server.Name == TargetName || IsSame(server.Url, url))) return;
        if (url.Scheme is not ("http" or "https"))
        {
            options.Sources.Add(new AbsentSource(TargetName, "the client's address comes from service discovery; name the server in the probe's options", TargetName));
            return;
        }

        var server = new ResourceServer(TargetName) { Url = new UriBuilder(url) { UserName = "", Password = "" }.Uri };
        server.KeyProvider = client.ApiKeyProvider;
        if (client.ApiKeyProvider is null && client.ApiKey is { Length: > 0 } key) server.Headers["Authorization"] = $"Bearer {key.Trim()}";
        options.Servers.Add(server);
    }

    static bool IsSame(Uri? one, Uri other) =>
        one is not null && one.IsAbsoluteUri && Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}

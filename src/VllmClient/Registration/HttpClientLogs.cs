using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Vllm;

/// <summary>Takes .NET's own loggers off a client's HTTP client: the client logs its calls itself, once each.</summary>
sealed class HttpClientLogs(RegisteredClient client, IOptionsMonitor<VllmClientOptions> settings) : IConfigureNamedOptions<HttpClientFactoryOptions>
{
    readonly IConfigureNamedOptions<HttpClientFactoryOptions>[] _removal = Removal(client.HttpName);

    public void Configure(HttpClientFactoryOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, HttpClientFactoryOptions options)
    {
        if (name != client.HttpName || IsKept()) return;
        foreach (var step in _removal) step.Configure(name, options);
    }

    bool IsKept()
    {
        try
        {
            return settings.Get(client.OptionsName).KeepHttpClientLogs;
        }
        catch (OptionsValidationException)
        {
            // Whoever makes the client is told.
            return true;
        }
    }

    // RemoveAllLoggers knows no condition, and what it sets is not public: so it is recorded here, and carried out only if the loggers are not kept.
    static IConfigureNamedOptions<HttpClientFactoryOptions>[] Removal(string name)
    {
        var aside = new ServiceCollection();
        aside.AddHttpClient(name).RemoveAllLoggers();
        return [.. aside.Select(service => service.IsKeyedService ? null : service.ImplementationInstance).OfType<IConfigureNamedOptions<HttpClientFactoryOptions>>()];
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Vllm.Http;

namespace Vllm;

/// <summary>Refuses a client whose address nobody set. Only the default client may fall back to the usual port of this machine, and only if no section was named for it.</summary>
/// <remarks>It looks at the HTTP client's options, since its base address counts too.</remarks>
sealed class AddressCheck(IReadOnlyList<RegisteredClient> sources, IConfiguration? root, IOptionsMonitor<VllmClientOptions> settings) : IValidateOptions<HttpClientFactoryOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpClientFactoryOptions options)
    {
        var client = sources[0];
        if (name != client.HttpName || MayDefault() || HasAddress(client) || BaseAddress(options) is not null) return ValidateOptionsResult.Skip;
        var searched = string.Join(", ", sources.SelectMany(Places));
        var call = client.Name is null ? "AddVllmClient(" : $"AddKeyedVllmClient(\"{client.Name}\", ";
        return ValidateOptionsResult.Fail(
            $"{client.Shown} has no address. Looked for in the configuration, and not found: {searched}{Found()}. "
            + $"Set one of them, or the address in code: {call}options => options.BaseUrl = new Uri(\"{BaseUrl.Example}\")).");
    }

    // A section that is there and names no address is as good as none for the default client.
    bool MayDefault() => sources.All(source => source.Name is null && (source.Section is not IConfigurationSection section || section.Exists()));

    bool HasAddress(RegisteredClient client)
    {
        try
        {
            return settings.Get(client.OptionsName).BaseUrl is not null;
        }
        catch (OptionsValidationException)
        {
            // Those faults are told by themselves, and one of them may be the address.
            return true;
        }
    }

    static Uri? BaseAddress(HttpClientFactoryOptions options)
    {
        using var http = new HttpClient();
        foreach (var action in options.HttpClientActions) action(http);
        return http.BaseAddress;
    }

    static IEnumerable<string> Places(RegisteredClient source)
    {
        yield return source.PathOf(nameof(VllmClientOptions.BaseUrl));
        if (source.ConnectionString is { } connection) yield return $"ConnectionStrings:{connection}";
    }

    string Found()
    {
        if (root is null) return sources.All(source => source.Section is not null) ? "" : " (no configuration is registered)";
        var others = UnreadSections.Clients(root).Select(section => section.Path).ToList();
        return others.Count == 0 ? "" : $" (there are: {string.Join(", ", others)})";
    }
}

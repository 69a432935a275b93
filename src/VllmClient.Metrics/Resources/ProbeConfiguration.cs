using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vllm.Resources;

/// <summary>Reads the section <c>VllmResources</c>, by hand so that native compilation needs no reflection. A value that cannot be read is an error, not a default.</summary>
sealed class ProbeConfiguration(IConfiguration? configuration) : IConfigureOptions<ResourceProbeOptions>
{
    public const string SectionName = "VllmResources";

    public void Configure(ResourceProbeOptions options)
    {
        if (configuration?.GetSection(SectionName) is not { } section || !section.Exists()) return;
        Set(section, nameof(options.Interval), text => options.Interval = TimeSpan.Parse(text, CultureInfo.InvariantCulture));
        Set(section, nameof(options.RemoteInterval), text => options.RemoteInterval = TimeSpan.Parse(text, CultureInfo.InvariantCulture));
        Set(section, nameof(options.WatchDefaultClient), text => options.WatchDefaultClient = bool.Parse(text));
        Set(section, nameof(options.LocalGpus), text => options.LocalGpus = Enum.Parse<LocalGpuSource>(text, ignoreCase: true));
        Set(section, nameof(options.Instruments), text => options.Instruments = bool.Parse(text));
        Set(section, nameof(options.ServerInstruments), text => options.ServerInstruments = bool.Parse(text));
        foreach (var id in List(section, nameof(options.GpuIds))) options.GpuIds.Add(id);
        foreach (var child in section.GetSection(nameof(options.Servers)).GetChildren()) options.Servers.Add(Server(child));
    }

    // The name may be a member, or the key of the server's own section.
    static ResourceServer Server(IConfigurationSection section)
    {
        var server = new ResourceServer(section[nameof(ResourceServer.Name)] ?? (int.TryParse(section.Key, out _) ? "" : section.Key));
        Set(section, nameof(server.Url), text => server.Url = new(text));
        Set(section, nameof(server.NodeExporter), text => server.NodeExporter = new(text));
        Set(section, nameof(server.GpuExporter), text => server.GpuExporter = new(text));
        Set(section, nameof(server.Model), text => server.Model = text);
        Set(section, nameof(server.PricePerHour), text => server.PricePerHour = decimal.Parse(text, CultureInfo.InvariantCulture));
        Set(section, nameof(server.Currency), text => server.Currency = text);
        for (var i = 0; i < section.GetSection(nameof(server.Pages)).GetChildren().Count(); i++) Set(section, FormattableString.Invariant($"{nameof(server.Pages)}:{i}"), text => server.Pages.Add(new(text)));
        foreach (var id in List(section, nameof(server.GpuIds))) server.GpuIds.Add(id);
        foreach (var header in section.GetSection(nameof(server.Headers)).GetChildren()) server.Headers[header.Key] = header.Value ?? "";
        return server;
    }

    static IEnumerable<string> List(IConfigurationSection section, string key) => section.GetSection(key).GetChildren().Select(child => child.Value).OfType<string>();

    // The value is not shown: it may hold a key by mistake.
    static void Set(IConfigurationSection section, string key, Action<string> set)
    {
        if (section[key] is not { Length: > 0 } text) return;
        try
        {
            set(text);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidOperationException($"The setting {section.Path}:{key} cannot be read as a value of its kind.", error);
        }
    }
}

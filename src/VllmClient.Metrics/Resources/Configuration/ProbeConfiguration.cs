using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Vllm.Resources;

/// <summary>Reads the section <c>VllmResources</c>, by hand so that native compilation needs no reflection. A value that cannot be read is an error, not a default, and a name that is not known is warned of.</summary>
sealed class ProbeConfiguration(IConfiguration? configuration, ILoggerFactory? loggers) : IConfigureOptions<ResourceProbeOptions>
{
    public const string SectionName = "VllmResources";

    public void Configure(ResourceProbeOptions options)
    {
        if (configuration?.GetSection(SectionName) is not { } root || !root.Exists()) return;
        var section = new SettingsReader(root);
        section.Set(nameof(options.Interval), text => options.Interval = TimeSpan.Parse(text, CultureInfo.InvariantCulture));
        section.Set(nameof(options.RemoteInterval), text => options.RemoteInterval = TimeSpan.Parse(text, CultureInfo.InvariantCulture));
        section.Set(nameof(options.WatchDefaultClient), text => options.WatchDefaultClient = bool.Parse(text));
        section.Set(nameof(options.LocalGpus), text => options.LocalGpus = Enum.Parse<LocalGpuSource>(text, ignoreCase: true));
        section.Set(nameof(options.Instruments), text => options.Instruments = bool.Parse(text));
        section.Set(nameof(options.ServerInstruments), text => options.ServerInstruments = bool.Parse(text));
        foreach (var id in section.Values(nameof(options.GpuIds))) options.GpuIds.Add(id);
        foreach (var child in section.Children(nameof(options.Servers))) options.Servers.Add(Server(child));
        Warn(section);
    }

    // The name may be a member, or the key of the server's own section.
    ResourceServer Server(IConfigurationSection child)
    {
        var server = new ResourceServer(int.TryParse(child.Key, out _) ? "" : child.Key);
        var section = new SettingsReader(child);
        section.Set(nameof(server.Name), text => server.Name = text);
        section.Address(nameof(server.Url), url => server.Url = url);
        section.Address(nameof(server.NodeExporter), url => server.NodeExporter = url);
        section.Address(nameof(server.GpuExporter), url => server.GpuExporter = url);
        section.Set(nameof(server.Model), text => server.Model = text);
        section.Set(nameof(server.PricePerHour), text => server.PricePerHour = decimal.Parse(text, CultureInfo.InvariantCulture));
        section.Set(nameof(server.Currency), text => server.Currency = text);
        foreach (var page in section.Children(nameof(server.Pages))) server.Pages.Add(SettingsReader.Address(page, nameof(server.Pages)));
        foreach (var id in section.Values(nameof(server.GpuIds))) server.GpuIds.Add(id);
        foreach (var header in section.Children(nameof(server.Headers))) server.Headers[header.Key] = header.Value ?? "";
        Warn(section);
        return server;
    }

    void Warn(SettingsReader section)
    {
        var logger = loggers?.CreateLogger(ProbeLog.Category) ?? NullLogger.Instance;
        foreach (var path in section.Unknown()) ProbeLog.UnknownOption(logger, path);
    }
}

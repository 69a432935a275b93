using Microsoft.Extensions.Options;

namespace Vllm.Resources;

/// <summary>Checks options, and tells all faults at once.</summary>
sealed class ResourceProbeOptionsValidator : IValidateOptions<ResourceProbeOptions>
{
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, ResourceProbeOptions options)
    {
        var faults = Faults(options);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.Select(fault => $"Resource probe: {fault}"));
    }

    /// <exception cref="ArgumentException">One or several options are wrong.</exception>
    public static void ThrowIfInvalid(ResourceProbeOptions options)
    {
        var faults = Faults(options);
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(options));
    }

    static List<string> Faults(ResourceProbeOptions options)
    {
        var faults = new List<string>();
        Interval(faults, nameof(options.Interval), options.Interval);
        Interval(faults, nameof(options.RemoteInterval), options.RemoteInterval);
        if (!Enum.IsDefined(options.LocalGpus)) faults.Add($"LocalGpus is {(int)options.LocalGpus}, which is no way to read GPUs.");
        var names = new HashSet<string>(StringComparer.Ordinal) { ResourceProbe.AppTarget };
        foreach (var server in options.Servers)
        {
            if (string.IsNullOrWhiteSpace(server.Name)) faults.Add("A server has no name; give it one, such as that of its machine.");
            else if (server.Name == ResourceProbe.AppTarget) faults.Add("A server is named 'app', which is this application itself.");
            else if (!names.Add(server.Name)) faults.Add($"Two servers are named '{server.Name}'; names must be unique.");
            Server(faults, server);
        }

        foreach (var source in options.Sources)
            if (source is null || string.IsNullOrWhiteSpace(source.Name) || string.IsNullOrWhiteSpace(source.Target)) faults.Add("A source is null, or its name or target is blank.");
        return faults;
    }

    static void Server(List<string> faults, ResourceServer server)
    {
        Url(faults, server, nameof(server.Url), server.Url);
        Url(faults, server, nameof(server.NodeExporter), server.NodeExporter);
        Url(faults, server, nameof(server.GpuExporter), server.GpuExporter);
        foreach (var page in server.Pages) Url(faults, server, nameof(server.Pages), page);
        if (server.Pages.Distinct().Count() < server.Pages.Count) faults.Add($"Server '{server.Name}': Pages holds a page twice.");
        if (server.Url is null && server.NodeExporter is null && server.GpuExporter is null && server.Pages.Count == 0) faults.Add($"Server '{server.Name}' has no URL at all, so there is nothing to read.");
        if (server.PricePerHour < 0) faults.Add($"Server '{server.Name}': PricePerHour is {server.PricePerHour}; it must be 0 or more.");
    }

    static void Url(List<string> faults, ResourceServer server, string name, Uri? url)
    {
        if (url is null) return;
        var shown = ServerUrl.Shown(url.OriginalString);
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")) faults.Add($"Server '{server.Name}': {name} is '{shown}'; it must be {ServerUrl.Wanted(name)}.");
        else if (url.UserInfo.Length > 0) faults.Add($"Server '{server.Name}': {name} holds user information, which is not sent; write '{shown}' and use Headers.");
    }

    static void Interval(List<string> faults, string name, TimeSpan value)
    {
        if (value < Shortest || value > Longest) faults.Add($"{name} is {value}; it must be 100 ms to 1 h.");
    }
}

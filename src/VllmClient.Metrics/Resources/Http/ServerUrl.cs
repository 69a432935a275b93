namespace Vllm.Resources;

/// <summary>URLs of a server's pages.</summary>
static class ServerUrl
{
    /// <summary>A page beside the API: the server's URL may end in <c>/v1</c>, which the pages are not below.</summary>
    public static Uri Below(Uri url, string page)
    {
        var path = url.AbsolutePath.TrimEnd('/');
        if (path == "/v1" || path.EndsWith("/v1", StringComparison.Ordinal)) path = path[..^3];
        return new UriBuilder(url) { Path = $"{path}/{page}", Query = "", Fragment = "" }.Uri;
    }

    /// <summary>A key goes to the server that it is for, and to nobody else on the machine.</summary>
    public static IEnumerable<KeyValuePair<string, string>> HeadersFor(ResourceServer server, Uri page) =>
        server.Url is null || Uri.Compare(server.Url, page, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0 ? server.Headers : [];

    /// <summary>A URL as it may be shown: without user, query and fragment.</summary>
    public static string Shown(Uri url) => url.GetComponents(UriComponents.HostAndPort | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>A text that should have been a URL, likewise.</summary>
    public static string Shown(string text)
    {
        var rest = text.AsSpan();
        if (rest.IndexOfAny('?', '#') is >= 0 and var end) rest = rest[..end];
        var start = rest.IndexOf("://") is >= 0 and var colon ? colon + 3 : 0;
        var user = rest[start..].LastIndexOf('@') + 1;
        return string.Concat(rest[..start], rest[(start + user)..]);
    }

    /// <summary>What a setting wants, with an example of its usual port.</summary>
    public static string Wanted(string setting) => setting switch
    {
        nameof(ResourceServer.Url) => "an absolute http or https URL, such as http://gpu-1:8000",
        nameof(ResourceServer.GpuExporter) => "an absolute http or https URL, such as http://gpu-1:9400/metrics",
        _ => "an absolute http or https URL, such as http://gpu-1:9100/metrics",
    };
}

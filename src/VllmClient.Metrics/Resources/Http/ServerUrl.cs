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
}

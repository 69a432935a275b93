namespace Vllm.Http;

/// <summary>The rules for base URLs: bare, with <c>/v1</c>, with a prefix before it.</summary>
static class BaseUrl
{
    /// <summary>How messages show a URL that would do.</summary>
    internal const string Example = "http://localhost:8000";

    internal static Uri Default { get; } = new(Example + "/");

    /// <summary>What is wrong with a base URL, as the end of a sentence that begins with the option's name; null if nothing is.</summary>
    internal static string? Problem(Uri url)
    {
        if (!url.IsAbsoluteUri) return $"is relative; give the whole URL, for instance {Example}";
        if (url.Scheme is not ("http" or "https" or "https+http" or "http+https"))
            return $"has the scheme '{url.Scheme}'; use http or https, for instance {Example} (https+http and http+https for service discovery)";
        if (url.UserInfo.Length > 0) return "holds user info; set ApiKey instead, or a header in DefaultHeaders";
        if (url.Query.Length > 0) return "has a query; set ExtraQuery per request instead";
        if (url.Fragment.Length > 0) return "has a fragment, which no server sees; leave it out";
        return null;
    }

    /// <summary>A text that should have been a URL, without what may be secret in it: user info, query and fragment.</summary>
    internal static string Shown(string text)
    {
        var rest = text.AsSpan();
        if (rest.IndexOfAny('?', '#') is >= 0 and var end) rest = rest[..end];
        var start = rest.IndexOf("://") is >= 0 and var colon ? colon + 3 : 0;
        var user = rest[start..].LastIndexOf('@') + 1;
        return string.Concat(rest[..start], rest[(start + user)..]);
    }

    /// <summary>The root that paths are appended to: ends with a slash, and a final <c>/v1</c> is cut.</summary>
    internal static Uri Root(Uri url)
    {
        var path = url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/v1", StringComparison.Ordinal)) path = path[..^3];
        return new Uri(url.GetLeftPart(UriPartial.Authority) + path.TrimEnd('/') + "/");
    }

    /// <summary>Appends a path, which may have a query, and a further query if there is one.</summary>
    internal static Uri Resolve(Uri root, string path, IReadOnlyDictionary<string, string>? query)
    {
        var url = root.AbsoluteUri + path;
        if (query is { Count: > 0 })
            url += (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        return new Uri(url);
    }

    /// <summary>The URL without user info and query.</summary>
    internal static Uri Clean(Uri url) => url.Query.Length == 0 && url.UserInfo.Length == 0
        ? url
        : new Uri(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));
}

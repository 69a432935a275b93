namespace LoadRunnerSample;

/// <summary>A server's address, with or without the endpoint that it was copied with.</summary>
sealed record ServerAddress(Uri BaseUrl, Endpoint? Endpoint)
{
    static readonly (string Path, Endpoint Endpoint)[] Endpoints = [("/v1/completions", LoadRunnerSample.Endpoint.Completions), ("/v1/chat/completions", LoadRunnerSample.Endpoint.Chat)];

    public static ServerAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            var hint = !text.Contains("://", StringComparison.Ordinal) && Uri.TryCreate("http://" + text, UriKind.Absolute, out _) ? $"; did you mean http://{text}?" : ".";
            throw new UsageException($"--url takes an http or https address such as http://localhost:8000, not '{text}'{hint}");
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            throw new UsageException("--url takes an address without user, query or fragment; a key belongs into --api-key or VLLM_API_KEY.");

        var path = url.AbsolutePath.TrimEnd('/');
        foreach (var (ending, endpoint) in Endpoints)
        {
            if (path.EndsWith(ending, StringComparison.Ordinal))
                return new(new UriBuilder(url) { Path = path[..^ending.Length] }.Uri, endpoint);
        }

        return new(url, null);
    }
}

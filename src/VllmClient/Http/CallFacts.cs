namespace Vllm.Http;

/// <summary>What every message about a call begins with.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">The URL, without user info and query.</param>
/// <param name="BaseUrl">The configured base.</param>
sealed record CallFacts(HttpMethod Method, Uri Url, Uri BaseUrl)
{
    internal string? RequestId { get; set; }

    internal int Attempts { get; set; }

    internal VllmCallTimings Timings { get; set; }

    internal TimeSpan Elapsed { get; set; }

    /// <summary>For instance <c>POST gpu:8000/v1/chat/completions</c>.</summary>
    internal string Target => $"{Method} {Url.Authority}{Url.AbsolutePath}";

    internal string AttemptsText => Attempts > 1 ? $" ({Attempts} attempts)" : "";
}

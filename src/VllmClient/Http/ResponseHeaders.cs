using System.Collections.Frozen;

namespace Vllm.Http;

/// <summary>Response headers as plain strings.</summary>
static class ResponseHeaders
{
    internal static IReadOnlyDictionary<string, string> None { get; } = FrozenDictionary<string, string>.Empty;

    internal static IReadOnlyDictionary<string, string> Of(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.NonValidated) headers[name] = values.ToString();
        foreach (var (name, values) in response.Content.Headers.NonValidated) headers[name] = values.ToString();
        return headers;
    }
}

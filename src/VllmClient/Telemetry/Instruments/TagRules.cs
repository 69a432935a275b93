namespace Vllm.Telemetry;

/// <summary>Which tags a user may add to metrics: those of a client and those of a call together.</summary>
static class TagRules
{
    /// <summary>What is wrong with the tags, as a sentence; null if nothing is.</summary>
    internal static string? Problem(IEnumerable<KeyValuePair<string, string>> client, IEnumerable<KeyValuePair<string, string>> call)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in client.Concat(call))
        {
            if (UserTags.Problem(key, value) is { } problem) return problem;
            keys.Add(key);
        }

        return keys.Count > UserTags.MaxCount
            ? $"There are {keys.Count} tags; at most {UserTags.MaxCount} are allowed, those of the client and of the request together."
            : null;
    }
}

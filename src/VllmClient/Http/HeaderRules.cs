namespace Vllm.Http;

/// <summary>Which headers a caller may set.</summary>
static class HeaderRules
{
    /// <summary>What is wrong with a header, as a sentence that does not show its value; null if nothing is.</summary>
    internal static string? Problem(string name, string? value)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Any(letter => letter is <= ' ' or > '~' or ':')) return $"'{name}' is no header name.";
        if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Host", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            return $"'{name}' is set by the client itself; leave it out.";
        if (value is null) return $"'{name}' has no value.";
        return value.Any(letter => letter is '\r' or '\n' or '\0') ? $"the value of '{name}' holds a line break or NUL." : null;
    }

    /// <summary>What is wrong with a request id; null if nothing is.</summary>
    internal static string? RequestIdProblem(string id) =>
        id.Length is 0 or > 256 || id.Any(letter => letter is <= ' ' or > '~') ? "RequestId must be 1 to 256 visible ASCII characters without blanks." : null;
}

using System.Text.RegularExpressions;

namespace Vllm.Tests.Repository.Docs;

/// <summary>Code in documents that must equal code in samples. A document marks a fence by <c>&lt;!-- snippet NAME --&gt;</c> on the line before it.</summary>
static partial class Snippets
{
    /// <summary>The code fences of a document in order, with the name each is marked by, or null.</summary>
    public static IReadOnlyList<(string? Name, string Language, string Code)> Fences(string document) =>
        [.. Fence().Matches(document).Select(match => (match.Groups["name"].Success ? match.Groups["name"].Value : null, match.Groups["language"].Value, match.Groups["code"].Value))];

    /// <summary>The marked regions of samples by name, without their common indentation.</summary>
    public static Dictionary<string, string> Regions(IEnumerable<SourceFile> samples) =>
        samples.SelectMany(file => Marked().Matches(file.Text)).ToDictionary(match => match.Groups[1].Value, match => Dedent(match.Groups[2].Value), StringComparer.Ordinal);

    public static IEnumerable<string> Differences(string path, string document, Dictionary<string, string> regions)
    {
        foreach (var (name, language, code) in Fences(document))
        {
            if (name is null)
            {
                if (language == "csharp") yield return $"{path} has a C# fence that no snippet comment marks";
                continue;
            }
            if (!regions.TryGetValue(name, out var expected)) yield return $"{path} shows the snippet {name}, which no sample has";
            else if (Dedent(code) != expected) yield return $"{path} shows the snippet {name} differently from the sample:\n{string.Join('\n', Api.LineDiff.Between(expected, Dedent(code)))}";
        }
    }

    static string Dedent(string code)
    {
        var lines = code.TrimEnd().Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..].TrimEnd() : ""));
    }

    [GeneratedRegex(@"(?:<!-- snippet (?<name>\S+) -->\n)?^```(?<language>\w*)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^[ \t]*#region snippet (\S+)\n(.*?)^[ \t]*#endregion", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Marked();
}

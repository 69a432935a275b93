using System.Text.Json;
using System.Text.RegularExpressions;

namespace Vllm.Testing;

/// <summary>The files that speak of metrics by their Prometheus names, and the expressions in them.</summary>
public static partial class PromDocuments
{
    public const string Dashboard = "docs/grafana/vllm-client.json";
    public const string Rules = "docs/prometheus/vllm-client.rules.yml";

    static readonly string[] Pages = ["README.md", "README.zh-CN.md", "docs/metrics.md"];

    public static IReadOnlyList<string> All { get; } = [.. Pages, Dashboard, Rules];

    public static string Read(string path) => File.ReadAllText(RepositoryFiles.Path(path));

    public static IReadOnlyList<PromQuery> Queries() => [.. All.SelectMany(Queries)];

    public static IReadOnlyList<PromQuery> Queries(string path) => Queries(path, Read(path));

    public static IReadOnlyList<PromQuery> Queries(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path[path.LastIndexOf('.')..] switch
        {
            ".md" => [.. Row().Matches(text).Select(match => new PromQuery(path, match.Groups[1].Value.Replace("\\|", "|", StringComparison.Ordinal)))],
            ".json" => [.. Panels(text).SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target =>
                new PromQuery($"{path}, {panel.GetProperty("title").GetString()}", target.GetProperty("expr").GetString()!)))],
            _ => [.. Alert().Matches(text).Select(match => new PromQuery($"{path}, {match.Groups[1].Value}", Indent().Replace(match.Groups[2].Value, "").TrimEnd()))],
        };
    }

    /// <summary>The panels of a dashboard that show something.</summary>
    public static IEnumerable<JsonElement> Panels(string dashboard)
    {
        using var json = JsonDocument.Parse(dashboard);
        return [.. json.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row").Select(panel => panel.Clone())];
    }

    /// <summary>Everything in a text that looks like the Prometheus name of a metric or a label of ours, or of a metric of vLLM.</summary>
    public static IReadOnlyList<string> Names(string text) => [.. Mention().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal)];

    // The last cell of a row, if it is code with a call in it.
    [GeneratedRegex(@"^\|.*\| `([^`\n]+\([^`\n]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^      - alert: (\w+)\n        expr: \|\n((?:          .*\n)+)", RegexOptions.Multiline)]
    private static partial Regex Alert();

    [GeneratedRegex("^          ", RegexOptions.Multiline)]
    private static partial Regex Indent();

    [GeneratedRegex(@"\b(?:gen_ai_[a-z0-9_]+|vllm_client_[a-z0-9_]+|vllm:[a-z0-9_]+)")]
    private static partial Regex Mention();
}

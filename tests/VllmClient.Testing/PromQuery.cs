using System.Text.RegularExpressions;

namespace Vllm.Testing;

/// <summary>An expression of PromQL as a file of the repository holds it.</summary>
public sealed partial record PromQuery(string Source, string Text)
{
    static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "sum", "max", "rate", "increase", "histogram_quantile", "vector", "or", "unless", "and", "label_values",
    };

    /// <summary>The names of metrics, in order.</summary>
    public IReadOnlyList<string> Metrics => [.. Name().Matches(Bare).Select(match => match.Value).Where(name => !Words.Contains(name)).Distinct(StringComparer.Ordinal)];

    /// <summary>The names of labels: in selectors and in groupings.</summary>
    public IReadOnlyList<string> Labels =>
        [.. Selector().Matches(Unquoted).Concat(Grouping().Matches(Unquoted)).SelectMany(match => Name().Matches(match.Groups[1].Value)).Select(match => match.Value).Distinct(StringComparer.Ordinal)];

    /// <summary>What must have data for the expression to have any: the expression without thresholds and defaults, one part per side of <c>unless</c>.</summary>
    public IReadOnlyList<string> Parts =>
        [.. Threshold().Replace(Default().Replace(Text, ""), "").Split("\nunless ", StringSplitOptions.TrimEntries)];

    string Unquoted => Quoted().Replace(Text, "");

    string Bare => Span().Replace(Grouping().Replace(Selector().Replace(Unquoted, " "), " "), " ");

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\{([^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"\b(?:by|on|without) \(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\[[^\]]*\]|\boffset \d+m\b")]
    private static partial Regex Span();

    [GeneratedRegex("[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Name();

    [GeneratedRegex(@" or vector\(0\)")]
    private static partial Regex Default();

    [GeneratedRegex(@"\n\s*> [\d.]+$", RegexOptions.Multiline)]
    private static partial Regex Threshold();
}

using System.Text.RegularExpressions;

namespace Vllm.Tests.Repository.Docs;

/// <summary>Links into documents and the anchors that they lead to.</summary>
static partial class Anchors
{
    public static IEnumerable<string> Missing(IEnumerable<SourceFile> sources, string document)
    {
        var defined = Defined(document).ToHashSet(StringComparer.Ordinal);
        return
            from file in sources
            from anchor in Mention().Matches(file.Text).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)
            where !defined.Contains(anchor)
            select $"{file.Path} mentions measuring.md#{anchor}, which docs/measuring.md does not define";
    }

    public static IEnumerable<string> Doubled(string document) => Defined(document).CountBy(id => id).Where(id => id.Value > 1).Select(id => id.Key);

    /// <summary>Relative links of Markdown files whose file or <c>a id</c> anchor does not exist.</summary>
    public static IEnumerable<string> DeadLinks(IReadOnlyList<SourceFile> files)
    {
        var byPath = files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        return
            from file in files
            where file.Path.EndsWith(".md", StringComparison.Ordinal)
            from match in Link().Matches(file.Text)
            let target = match.Groups[1].Value
            where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            where IsDead(file, target.Split('#'), byPath)
            select $"{file.Path} links to {target}";
    }

    static bool IsDead(SourceFile from, string[] target, Dictionary<string, SourceFile> byPath)
    {
        var path = target[0].Length == 0 ? from.Path : Path.GetRelativePath(".", Path.Combine(".", from.Folder, target[0])).Replace('\\', '/').TrimEnd('/');
        if (!byPath.TryGetValue(path, out var file)) return target.Length > 1 || !byPath.Keys.Any(other => other.StartsWith(path + "/", StringComparison.Ordinal));
        return target.Length > 1 && file.Text.Contains("<a id=", StringComparison.Ordinal) && !Defined(file.Text).Contains(target[1], StringComparer.Ordinal);
    }

    static IEnumerable<string> Defined(string document) => Definition().Matches(document).Select(match => match.Groups[1].Value);

    [GeneratedRegex("""<a id="([^"]+)">""")]
    private static partial Regex Definition();

    [GeneratedRegex(@"measuring\.md#([a-z0-9]+(?:-[a-z0-9]+)*)")]
    private static partial Regex Mention();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}

namespace Vllm.Tests.Mutations.Reporting;

/// <summary>The survivors that are explained in the document, by their keys.</summary>
static class Explanations
{
    /// <summary>Reads rows of the form | file | member | change | why |.</summary>
    public static IReadOnlySet<string> Read(string path) => File.ReadLines(path)
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells is ["", var file, _, _, _, ""] && file.EndsWith(".cs", StringComparison.Ordinal))
        .Select(cells => $"{cells[1]} {cells[2]}: {cells[3]}")
        .ToHashSet(StringComparer.Ordinal);
}

using System.IO.Compression;
using System.Xml.Linq;

namespace Vllm.Tests.Repository.Packages;

/// <summary>What a .nupkg file holds and says of itself.</summary>
sealed record PackageFacts(string Id, IReadOnlyList<string> Files, string? License, string? Readme, IReadOnlyList<string> Dependencies, IReadOnlyList<string> Frameworks)
{
    public static PackageFacts Read(Stream package)
    {
        using var archive = new ZipArchive(package);
        var nuspec = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal));
        using var stream = nuspec.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();
        var space = metadata.Name.Namespace;
        return new(
            metadata.Element(space + "id")!.Value,
            [.. archive.Entries.Select(entry => entry.FullName).Where(IsContent).Order(StringComparer.Ordinal)],
            metadata.Element(space + "license")?.Value,
            metadata.Element(space + "readme")?.Value,
            [.. metadata.Descendants(space + "dependency").Select(dependency => dependency.Attribute("id")!.Value).Order(StringComparer.Ordinal)],
            [.. metadata.Descendants(space + "frameworkReference").Select(framework => framework.Attribute("name")!.Value)]);
    }

    /// <summary>How a package differs from what it should be.</summary>
    public IEnumerable<string> Differences(string[] dependencies, string[] frameworks)
    {
        string[] files = ["README.md", $"lib/net10.0/{Id}.dll", $"lib/net10.0/{Id}.xml"];
        foreach (var file in files.Except(Files, StringComparer.Ordinal)) yield return $"{Id} lacks the file {file}";
        foreach (var file in Files.Except(files, StringComparer.Ordinal)) yield return $"{Id} holds {file}, which nobody expects";
        if (License != "MIT") yield return $"{Id} names the licence '{License}', not MIT";
        if (Readme != "README.md") yield return $"{Id} names the readme '{Readme}', not README.md";
        foreach (var id in dependencies.Except(Dependencies, StringComparer.Ordinal)) yield return $"{Id} no longer depends on {id}";
        foreach (var id in Dependencies.Except(dependencies, StringComparer.Ordinal)) yield return $"{Id} depends on {id}, which is not agreed";
        if (!Frameworks.SequenceEqual(frameworks)) yield return $"{Id} refers to the frameworks [{string.Join(", ", Frameworks)}], not [{string.Join(", ", frameworks)}]";
    }

    static bool IsContent(string path) =>
        !path.EndsWith(".nuspec", StringComparison.Ordinal) && !path.StartsWith("_rels/", StringComparison.Ordinal) && !path.StartsWith("package/", StringComparison.Ordinal) && path != "[Content_Types].xml";
}

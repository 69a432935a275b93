using System.Text.RegularExpressions;

namespace Vllm.Tests.Repository.Files;

/// <summary>The rules for files and folders, as functions from files to sentences; an empty answer means obeyed.</summary>
static partial class FileRules
{
    public const int MostLines = 300;
    public const int MostFilesInAFolder = 14;

    static readonly string[] KindsOfFolder = ["Models", "Interfaces", "Helpers", "Utils", "Utilities", "Common"];

    // Put together from pieces, so that this file passes its own rules.
    static readonly string Unfinished = "TO" + "DO";
    static readonly Regex MachinePath = new(@"(?<![\w.:/~{}$)-])/(?:wor" + @"k|hom" + @"e/\w|roo" + @"t|User" + @"s/\w)(?=[\w/])|[A-Z]:\\User" + @"s\\", RegexOptions.Compiled);

    public static IEnumerable<string> TooLong(IEnumerable<SourceFile> sources) =>
        sources.Where(file => file.LineCount > MostLines).Select(file => $"{file.Path} has {file.LineCount} lines; at most {MostLines} are allowed");

    public static IEnumerable<string> Regions(IEnumerable<SourceFile> files) =>
        files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal) && !IsIn(file, "samples/") && Region().IsMatch(file.Text))
            .Select(file => $"{file.Path} has a region; only samples may");

    public static IEnumerable<string> Unfinisheds(IEnumerable<SourceFile> files) =>
        files.Where(file => file.Text.Contains(Unfinished, StringComparison.Ordinal)).Select(file => $"{file.Path} says {Unfinished}");

    public static IEnumerable<string> NamespacesThatHideTheClient(IEnumerable<SourceFile> files) =>
        files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal) && HidingNamespace().IsMatch(file.Text))
            .Select(file => $"{file.Path} declares a namespace that begins with the name of the client's type");

    public static IEnumerable<string> MisnamedFiles(IEnumerable<SourceFile> sources) =>
        from file in sources
        let types = PublicType().Matches(file.Text).Select(match => match.Groups[1].Value).ToList()
        where types.Count > 0 && !types.Contains(file.Name.Split('.')[0], StringComparer.Ordinal)
        select $"{file.Path} declares {string.Join(", ", types)}; it should be named after one of them";

    public static IEnumerable<string> CrowdedFolders(IEnumerable<SourceFile> sources) =>
        sources.CountBy(file => file.Folder).Where(folder => folder.Value > MostFilesInAFolder)
            .Select(folder => $"{folder.Key} holds {folder.Value} files; at most {MostFilesInAFolder} are one feature");

    public static IEnumerable<string> FoldersNamedAfterAKind(IEnumerable<SourceFile> files) =>
        files.Select(file => file.Folder).Distinct(StringComparer.Ordinal)
            .Where(folder => folder.Split('/').Intersect(KindsOfFolder, StringComparer.OrdinalIgnoreCase).Any())
            .Select(folder => $"{folder} is named after a kind of file, not after a feature");

    public static IEnumerable<string> MachinePaths(IEnumerable<SourceFile> files) =>
        files.Select(file => (file.Path, Match: MachinePath.Match(file.Text))).Where(found => found.Match.Success)
            .Select(found => $"{found.Path} holds an absolute path of some machine: {found.Match.Value}…");

    public static IEnumerable<string> CarriageReturns(IEnumerable<SourceFile> files) =>
        files.Where(file => file.Text.Contains('\r', StringComparison.Ordinal)).Select(file => $"{file.Path} has carriage returns");

    static bool IsIn(SourceFile file, string folder) => file.Path.StartsWith(folder, StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*#\s*region", RegexOptions.Multiline)]
    private static partial Regex Region();

    [GeneratedRegex(@"^\s*namespace\s+VllmClient\b", RegexOptions.Multiline)]
    private static partial Regex HidingNamespace();

    [GeneratedRegex(@"^public\s+(?:[a-z]+\s+)*?(?:class|struct|interface|enum|record\s+struct|record\s+class|record|delegate\s+\S+)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}

namespace Vllm.Tests.Repository;

/// <summary>The checkout that these tests belong to.</summary>
static class Repository
{
    static readonly string[] IgnoredFolders = ["/.git/", "/artifacts/", "/bin/", "/obj/", "/.vs/", "/.idea/", "/BenchmarkDotNet.Artifacts/"];
    static readonly string[] TextEndings =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".txt", ".json", ".yaml", ".yml", ".config", ".editorconfig", ".gitattributes", ".gitignore", ".sh"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file that belongs to the repository, recordings of foreign servers excepted.</summary>
    public static IReadOnlyList<SourceFile> TextFiles { get; } = ReadTextFiles();

    public static IEnumerable<SourceFile> Sources => TextFiles.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal) && file.Path.EndsWith(".cs", StringComparison.Ordinal));

    public static bool IsContinuousIntegration => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VllmClient.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException($"No VllmClient.sln above {AppContext.BaseDirectory}.");
    }

    static List<SourceFile> ReadTextFiles() =>
    [
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !IgnoredFolders.Any(folder => ("/" + path).Contains(folder, StringComparison.Ordinal)))
            .Where(path => !path.StartsWith("tests/Recordings/", StringComparison.Ordinal) && !path.StartsWith("load-report", StringComparison.Ordinal))
            .Where(path => path.StartsWith(".ci/", StringComparison.Ordinal) || TextEndings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)) || !Path.HasExtension(path))
            .Where(path => path != ".git")
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path)))),
    ];
}

/// <summary>A file: its path from the repository's root with forward slashes, and its text.</summary>
sealed record SourceFile(string Path, string Text)
{
    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : "";

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public int LineCount => Text.Length == 0 ? 0 : Text.AsSpan().Count('\n') + (Text.EndsWith('\n') ? 0 : 1);
}

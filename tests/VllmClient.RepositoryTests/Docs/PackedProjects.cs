using System.Collections.Concurrent;
using System.Diagnostics;
using System.Xml.Linq;

namespace Vllm.Tests.Repository.Docs;

/// <summary>Projects that use the packages as they are packed, far from the settings of this repository.</summary>
public sealed class PackedProjects
{
    const string Folder = "artifacts/readme-check";

    static readonly string[] Ours = ["VllmClient", "VllmClient.Metrics", "VllmClient.Simulator"];
    static readonly Lazy<Dictionary<string, string>> Pins = new(() => XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
        .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value, StringComparer.OrdinalIgnoreCase));

    readonly ConcurrentDictionary<string, Lazy<Task<string>>> _built = new(StringComparer.Ordinal);
    readonly Lazy<Task<(string Feed, string Version)>> _packed = new(PackedAsync);

    /// <summary>The version that samples and tests use of a foreign package; null for one of ours.</summary>
    public static string? Pinned(string id) => Ours.Contains(id) ? null
        : !Pins.Value.TryGetValue(id, out var version) ? throw new InvalidOperationException($"Directory.Packages.props has no package {id}.")
        : version.StartsWith('$') ? XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants(version[2..^1]).Single().Value
        : version;

    /// <summary>Builds the code as a new console program; code that was built already is not built again.</summary>
    /// <returns>The compiler's faults, warnings included; empty if there are none.</returns>
    internal Task<string> BuildAsync(ReadmeCode code, CancellationToken cancellationToken)
    {
        var key = string.Join('\n', [.. code.Packages.Select(package => package.Id), code.Program]);
        return _built.GetOrAdd(key, _ => new(() => BuildAsync(code, $"{Guid.CreateVersion7():N}"))).Value.WaitAsync(cancellationToken);
    }

    async Task<string> BuildAsync(ReadmeCode code, string name)
    {
        var (feed, version) = await _packed.Value;
        var place = Directory.CreateDirectory(Repository.PathOf($"{Folder}/{name}")).FullName;
        try
        {
            foreach (var file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
                await File.WriteAllTextAsync(Path.Combine(place, file), "<Project />");
            await File.WriteAllTextAsync(Path.Combine(place, "Program.cs"), code.Program);
            await File.WriteAllTextAsync(Path.Combine(place, "Readme.csproj"), Project(code, feed, version));
            var (exitCode, output) = await DotnetAsync("build", Path.Combine(place, "Readme.csproj"), "-nodeReuse:false", "-v", "q", "-nologo", "-clp:NoSummary");
            return exitCode == 0 ? "" : output.Trim();
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    static string Project(ReadmeCode code, string feed, string version)
    {
        var global = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return new XElement("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup",
                new XElement("OutputType", "Exe"),
                new XElement("TargetFramework", "net10.0"),
                new XElement("Nullable", "enable"),
                new XElement("ImplicitUsings", "enable"),
                new XElement("TreatWarningsAsErrors", "true"),
                // An advisory published tomorrow is none of the README's business.
                new XElement("NuGetAudit", "false"),
                new XElement("RestoreAdditionalProjectSources", feed),
                // What the user's cache has is not fetched again, and nothing of ours stays in it.
                new XElement("RestorePackagesPath", Repository.PathOf($"{Folder}/cache")),
                Directory.Exists(global) ? new XElement("RestoreFallbackFolders", global) : null),
            new XElement("ItemGroup", code.Packages.Select(package =>
                new XElement("PackageReference", new XAttribute("Include", package.Id), new XAttribute("Version", $"[{Pinned(package.Id) ?? version}]"))))).ToString();
    }

    // A gate packs before it tests. Elsewhere the packages get a version of their own, because caches keep one for ever.
    static async Task<(string Feed, string Version)> PackedAsync()
    {
        var kept = Repository.PathOf(Folder);
        if (Directory.Exists(kept)) Directory.Delete(kept, recursive: true);
        if (Repository.IsContinuousIntegration)
        {
            var feed = Repository.PathOf("artifacts/packages");
            var newest = new DirectoryInfo(feed).EnumerateFiles("VllmClient.Simulator.*.nupkg").MaxBy(file => file.LastWriteTimeUtc)
                ?? throw new InvalidOperationException("artifacts/packages holds no packages; pack before testing.");
            return (feed, newest.Name["VllmClient.Simulator.".Length..^".nupkg".Length]);
        }

        var suffix = $"readme.{TimeProvider.System.GetUtcNow():yyyyMMddHHmmss}";
        var configuration = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).EndsWith("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";
        foreach (var id in Ours)
        {
            var (exitCode, output) = await DotnetAsync("pack", Repository.PathOf($"src/{id}/{id}.csproj"), "-c", configuration, "--no-build", "-nodeReuse:false", "-v", "q",
                $"-p:PackageOutputPath={kept}/feed", $"-p:VersionSuffix={suffix}", "-p:IncludeSymbols=false");
            if (exitCode != 0) throw new InvalidOperationException(output);
        }

        return ($"{kept}/feed", Path.GetFileNameWithoutExtension(Directory.GetFiles($"{kept}/feed", "VllmClient.Simulator.*")[0])["VllmClient.Simulator.".Length..]);
    }

    static async Task<(int ExitCode, string Output)> DotnetAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}

using System.Diagnostics;
using System.IO.Compression;

namespace Vllm.Tests.Repository.Packages;

public sealed class PackageContentTests
{
    static readonly Dictionary<string, (string[] Dependencies, string[] Frameworks)> Agreed = new(StringComparer.Ordinal)
    {
        ["VllmClient"] =
            (["Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Http", "Microsoft.Extensions.Options.ConfigurationExtensions"], []),
        ["VllmClient.Metrics"] =
            (["Microsoft.Extensions.Hosting.Abstractions", "OpenTelemetry", "OpenTelemetry.Instrumentation.Http", "VllmClient"], []),
        ["VllmClient.Simulator"] = ([], ["Microsoft.AspNetCore.App"]),
    };

    [Theory]
    [InlineData("VllmClient")]
    [InlineData("VllmClient.Metrics")]
    [InlineData("VllmClient.Simulator")]
    public async Task A_package_holds_what_was_agreed(string id)
    {
        var file = Newest(id, "artifacts/packages");
        if (file is null && Repository.IsContinuousIntegration) Assert.Fail($"artifacts/packages holds no package {id}; pack before testing.");
        file ??= await PackAsync(id, TestContext.Current.CancellationToken);

        await using var stream = File.OpenRead(file);
        var facts = PackageFacts.Read(stream);

        facts.Differences(Agreed[id].Dependencies, Agreed[id].Frameworks).ShouldBeEmpty();
    }

    [Fact]
    public void Planted_faults_in_a_package_are_found()
    {
        using var package = new MemoryStream();
        using (var archive = new ZipArchive(package, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(archive, "P.nuspec", """
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
                <id>P</id><license type="expression">GPL-3.0</license>
                <dependencies><group targetFramework="net10.0"><dependency id="Newcomer" version="1.0.0" /></group></dependencies>
                </metadata></package>
                """);
            Write(archive, "lib/net10.0/P.dll", "");
            Write(archive, "tools/surprise.ps1", "");
        }
        package.Position = 0;

        PackageFacts.Read(package).Differences(["Agreed"], ["Framework"]).ShouldBe(
        [
            "P lacks the file README.md",
            "P lacks the file lib/net10.0/P.xml",
            "P holds tools/surprise.ps1, which nobody expects",
            "P names the licence 'GPL-3.0', not MIT",
            "P names the readme '', not README.md",
            "P no longer depends on Agreed",
            "P depends on Newcomer, which is not agreed",
            "P refers to the frameworks [], not [Framework]",
        ]);
    }

    static string? Newest(string id, string folder) =>
        !Directory.Exists(Repository.PathOf(folder)) ? null
        : new DirectoryInfo(Repository.PathOf(folder)).EnumerateFiles($"{id}.*.nupkg")
            .Where(file => char.IsAsciiDigit(file.Name[id.Length + 1]))
            .MaxBy(file => file.LastWriteTimeUtc)?.FullName;

    // On a developer's machine nothing may have been packed yet. The feed is left alone: a package there would stay in the cache for ever.
    static async Task<string> PackAsync(string id, CancellationToken cancellationToken)
    {
        var configuration = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).EndsWith("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";
        var folder = "artifacts/package-check";
        using var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Repository.Root,
            ArgumentList = { "pack", $"src/{id}/{id}.csproj", "-c", configuration, "--no-build", "-nodeReuse:false", "-v", "q", $"-p:PackageOutputPath={Repository.PathOf(folder)}" },
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        process.ExitCode.ShouldBe(0, output);
        return Newest(id, folder).ShouldNotBeNull();
    }

    static void Write(ZipArchive archive, string path, string text)
    {
        using var writer = new StreamWriter(archive.CreateEntry(path).Open());
        writer.Write(text);
    }
}

using System.Diagnostics;
using System.Globalization;
using Vllm.Tests.Mutations.Building;
using Vllm.Tests.Mutations.Serving;

namespace Vllm.Tests.Mutations.Running;

/// <summary>A copy of a test project's output whose assembly under test can be exchanged.</summary>
sealed class TestFolder
{
    /// <summary>What each run of tests is told.</summary>
    public static readonly string[] Options = ["-noColor", "-noLogo", "-stopOnFail"];

    readonly string _folder;
    readonly string _assembly;
    readonly string _program;

    public TestFolder(string root, Room room, int worker)
    {
        var source = Path.Combine(root, "artifacts", "bin", room.TestProject, "release");
        _folder = Path.Combine(root, "artifacts", "mutation", $"{room.TestProject}-{worker}");
        _assembly = Path.Combine(_folder, $"{room.Project}.dll");
        _program = Path.Combine(_folder, room.TestProject + (OperatingSystem.IsWindows() ? ".exe" : ""));
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        // Else the runner ends the program ten seconds after its first run, whether it still serves or not.
        File.WriteAllText(Path.Combine(_folder, "xunit.runner.json"), """{ "shutdownForegroundThreadWaitSeconds": 1000000 }""");
    }

    /// <summary>Exchanges the assembly under test.</summary>
    public void Use(byte[] assembly) => File.WriteAllBytes(_assembly, assembly);

    /// <summary>The test classes that a filter lets through.</summary>
    public async Task<IReadOnlyList<string>> ClassesAsync(IReadOnlyList<string> filter)
    {
        var output = await Command.RunAsync(_program, ["-noColor", "-noLogo", "-list", "classes", .. filter]);
        return output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs tests in a program of their own, with a mutant, 0 for none, until the first fails, or for as long as they may.</summary>
    public async Task<TestEnd> RunAsync(int mutant, IReadOnlyList<string> filter, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        var (code, output) = await Command.RunAsync(_program, [.. Options, .. filter], limit,
            (Switchboard.Variable, mutant.ToString(CultureInfo.InvariantCulture)),
            // A run this short never earns back what profiling costs.
            ("DOTNET_TieredPGO", "0"));
        return new(code, output, watch.Elapsed);
    }

    /// <summary>Starts the test program so that it runs tests on request.</summary>
    public Process Serve()
    {
        var start = new ProcessStartInfo(_program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(TestServer).Assembly.Location;
        start.Environment[TestServer.Variable] = Path.GetFileNameWithoutExtension(_assembly);
        return Process.Start(start)!;
    }
}

/// <summary>How a run of tests ended.</summary>
/// <param name="Code">The exit code; null if time was up.</param>
/// <param name="Output">What was printed.</param>
/// <param name="Time">How long it took.</param>
sealed record TestEnd(int? Code, string Output, TimeSpan Time)
{
    /// <summary>The first test that failed, or what else happened; null if all passed.</summary>
    public string? Failure => Code switch
    {
        0 => null,
        null => "time limit",
        _ => Output.Split('\n').FirstOrDefault(line => line.TrimEnd().EndsWith("[FAIL]", StringComparison.Ordinal))?.Trim().Replace(" [FAIL]", "", StringComparison.Ordinal) ?? $"crash, exit code {Code}",
    };
}

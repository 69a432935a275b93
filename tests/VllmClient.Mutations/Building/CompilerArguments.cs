using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp;
using Vllm.Tests.Mutations.Running;

namespace Vllm.Tests.Mutations.Building;

/// <summary>Asks the build how it compiles a project, so that mutants are compiled likewise.</summary>
static class CompilerArguments
{
    public static async Task<CSharpCommandLineArguments> OfAsync(string root, string project)
    {
        var folder = Path.Combine(root, "src", project);
        // A target whose output never exists always runs, and hands over its arguments instead of compiling.
        var json = await Command.RunAsync("dotnet",
        [
            "msbuild", Path.Combine(folder, $"{project}.csproj"), "-t:Compile", "-getItem:CscCommandLineArgs", "-p:Configuration=Release",
            "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true", "-p:BuildProjectReferences=false", "-p:NonExistentFile=never-there",
        ]);
        using var document = JsonDocument.Parse(json);
        var arguments = document.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!);
        return CSharpCommandLineParser.Default.Parse(arguments, folder, sdkDirectory: null);
    }
}

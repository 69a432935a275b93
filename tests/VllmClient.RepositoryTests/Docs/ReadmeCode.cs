using System.Text.RegularExpressions;

namespace Vllm.Tests.Repository.Docs;

/// <summary>A package as a document says it is added.</summary>
sealed record AddedPackage(string Id, bool IsPrerelease);

/// <summary>Code of a document, and the packages that the commands right above it add.</summary>
sealed partial record ReadmeCode(string Path, string Code, IReadOnlyList<AddedPackage> Packages)
{
    // What a snippet stands in that is no program of its own: lines among others that have the services at hand.
    const string Around = """
        using Microsoft.Extensions.DependencyInjection;
        using OpenTelemetry.Metrics;

        var services = new ServiceCollection();

        """;

    /// <summary>The code as a whole program.</summary>
    public string Program => Code.Contains("using ", StringComparison.Ordinal) ? Code : Around + Code;

    /// <summary>The C# fences of a document in order.</summary>
    public static IEnumerable<ReadmeCode> Of(string path, string document)
    {
        IReadOnlyList<AddedPackage> above = [];
        foreach (var (_, language, code) in Snippets.Fences(document))
        {
            if (language == "csharp") yield return new(path, code, above);
            above = language == "bash" ? [.. Added().Matches(code).Select(match => new AddedPackage(match.Groups[1].Value, match.Groups[2].Success))] : [];
        }
    }

    [GeneratedRegex(@"^dotnet add package (\S+)( --prerelease)?\s*(?:#.*)?$", RegexOptions.Multiline)]
    private static partial Regex Added();
}

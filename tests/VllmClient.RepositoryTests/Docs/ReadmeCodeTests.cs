namespace Vllm.Tests.Repository.Docs;

/// <summary>Who copies the code of a README into a new project and types the commands above it has a program that compiles.</summary>
public sealed class ReadmeCodeTests(PackedProjects projects) : IClassFixture<PackedProjects>
{
    static readonly string[] Readmes = ["README.md", "README.zh-CN.md", "src/VllmClient/README.md", "src/VllmClient.Metrics/README.md", "src/VllmClient.Simulator/README.md"];

    public static TheoryData<string> Documents() => [.. Readmes];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Code_builds_with_just_the_packages_that_stand_above_it(string path)
    {
        foreach (var code in ReadmeCode.Of(path, Repository.Read(path)))
        {
            code.Packages.ShouldNotBeEmpty($"{path} names no packages right above\n{code.Code}");
            (await projects.BuildAsync(code, TestContext.Current.CancellationToken)).ShouldBe("", $"{path}:\n{code.Code}");
        }
    }

    [Fact]
    public void There_is_code_to_build() => Readmes.Sum(path => ReadmeCode.Of(path, Repository.Read(path)).Count()).ShouldBeGreaterThanOrEqualTo(7);

    [Fact]
    public void A_package_is_added_as_a_pre_release_exactly_where_there_is_no_other()
    {
        foreach (var package in Readmes.SelectMany(path => ReadmeCode.Of(path, Repository.Read(path))).SelectMany(code => code.Packages))
            package.IsPrerelease.ShouldBe(PackedProjects.Pinned(package.Id)?.Contains('-', StringComparison.Ordinal) ?? false, package.Id);
    }

    [Fact]
    public void Packages_are_those_of_the_commands_right_above()
    {
        const string Document = """
            ```bash
            dotnet add package A
            dotnet add package B.C --prerelease   # why
            dotnet test
            ```
            words
            ```csharp
            using A;
            ```
            ```csharp
            services.B();
            ```

            """;

        var found = ReadmeCode.Of("a.md", Document.ReplaceLineEndings("\n")).ToList();

        found[0].Packages.ShouldBe([new("A", false), new("B.C", true)]);
        found[1].Packages.ShouldBeEmpty();
        found[0].Program.ShouldBe("using A;\n");
        found[1].Program.ShouldContain("var services");
    }

    [Fact]
    public async Task A_package_that_is_missing_above_the_code_is_found()
    {
        var code = ReadmeCode.Of("README.md", Repository.Read("README.md")).First();

        var faults = await projects.BuildAsync(code with { Packages = [.. code.Packages.Where(package => package.Id != "OpenTelemetry.Exporter.Console")] }, TestContext.Current.CancellationToken);

        faults.ShouldContain("AddConsoleExporter");
    }
}

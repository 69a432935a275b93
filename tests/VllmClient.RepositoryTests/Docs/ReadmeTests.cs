namespace Vllm.Tests.Repository.Docs;

public sealed class ReadmeTests
{
    static readonly string English = Repository.Read("README.md");
    static readonly string Chinese = Repository.Read("README.zh-CN.md");

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void The_code_shown_is_the_code_of_a_sample(string path) =>
        Snippets.Differences(path, Repository.Read(path), Snippets.Regions(Samples)).ShouldBeEmpty();

    [Fact]
    public void The_readme_is_short() => new SourceFile("README.md", English).LineCount.ShouldBeLessThanOrEqualTo(120);

    [Fact]
    public void Code_comes_within_twenty_lines() => Array.FindIndex(English.Split('\n'), line => line.StartsWith("```", StringComparison.Ordinal)).ShouldBeInRange(0, 19);

    [Fact]
    public void The_readme_shows_code_of_a_sample() => Snippets.Fences(English).ShouldContain(fence => fence.Name != null);

    [Fact]
    public void Both_languages_show_the_same_blocks() => Snippets.Fences(Chinese).Select(WithoutComments).ShouldBe(Snippets.Fences(English).Select(WithoutComments));

    [Fact]
    public void The_two_commands_are_named()
    {
        English.ShouldContain("dotnet run --project samples/LoadRunner");
        English.ShouldContain("dotnet test");
    }

    [Fact]
    public void A_planted_change_of_a_snippet_is_found()
    {
        var regions = Snippets.Regions([new("samples/A.cs", "    #region snippet hello\n    var a = 1;\n\n      a++;\n    #endregion\n")]);

        Snippets.Differences("README.md", "<!-- snippet hello -->\n```csharp\nvar a = 1;\n\n  a++;\n```\n", regions).ShouldBeEmpty();
        Snippets.Differences("README.md", "<!-- snippet hello -->\n```csharp\nvar a = 2;\n\n  a++;\n```\n", regions).ShouldHaveSingleItem();
        Snippets.Differences("README.md", "<!-- snippet gone -->\n```csharp\nvar a = 1;\n```\n", regions).ShouldHaveSingleItem();
        Snippets.Differences("README.md", "```csharp\nvar a = 1;\n```\n", regions).ShouldHaveSingleItem();
        Snippets.Differences("README.md", "```\na report\n```\n", regions).ShouldBeEmpty();
    }

    // What stands behind the # of a shell command may be translated.
    static (string?, string, string) WithoutComments((string? Name, string Language, string Code) fence) =>
        fence.Language != "bash" ? fence : fence with { Code = string.Join('\n', fence.Code.Split('\n').Select(line => line.Split('#')[0].TrimEnd())) };

    static IEnumerable<SourceFile> Samples => Repository.TextFiles.Where(file => file.Path.StartsWith("samples/", StringComparison.Ordinal) && file.Path.EndsWith(".cs", StringComparison.Ordinal));
}

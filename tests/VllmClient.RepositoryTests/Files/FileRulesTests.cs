namespace Vllm.Tests.Repository.Files;

public sealed class FileRulesTests
{
    static readonly IReadOnlyList<SourceFile> All = Repository.TextFiles;

    [Fact]
    public void No_source_file_is_too_long() => FileRules.TooLong(Repository.Sources).ShouldBeEmpty();

    [Fact]
    public void Only_samples_have_regions() => FileRules.Regions(All).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_for_later() => FileRules.Unfinisheds(All).ShouldBeEmpty();

    [Fact]
    public void No_namespace_hides_the_client() => FileRules.NamespacesThatHideTheClient(All).ShouldBeEmpty();

    [Fact]
    public void Files_are_named_after_their_public_type() => FileRules.MisnamedFiles(Repository.Sources).ShouldBeEmpty();

    [Fact]
    public void Folders_hold_one_feature() => FileRules.CrowdedFolders(Repository.Sources).ShouldBeEmpty();

    [Fact]
    public void No_folder_is_named_after_a_kind() => FileRules.FoldersNamedAfterAKind(All).ShouldBeEmpty();

    [Fact]
    public void No_file_knows_a_machine() => FileRules.MachinePaths(All).ShouldBeEmpty();

    [Fact]
    public void Lines_end_with_a_line_feed_alone() => FileRules.CarriageReturns(All).ShouldBeEmpty();

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    [InlineData("LICENSE")]
    [InlineData("CHANGELOG.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/measuring.md")]
    [InlineData(".ci/run")]
    [InlineData(".ci/coverage")]
    [InlineData(".ci/mutation")]
    [InlineData("artifacts/packages/.gitkeep")]
    public void What_a_visitor_expects_is_there(string path) => System.IO.File.Exists(Repository.PathOf(path)).ShouldBeTrue();

    [Fact]
    public void The_changelog_tells_of_what_is_not_released_yet() => Repository.Read("CHANGELOG.md").ShouldContain("## Unreleased");

    [Fact]
    public void A_planted_file_of_301_lines_is_found()
    {
        FileRules.TooLong([File("src/A.cs", string.Concat(Enumerable.Repeat("line\n", 301)))]).ShouldHaveSingleItem();
        FileRules.TooLong([File("src/A.cs", string.Concat(Enumerable.Repeat("line\n", 300)))]).ShouldBeEmpty();
    }

    [Fact]
    public void A_planted_region_is_found()
    {
        FileRules.Regions([File("src/A.cs", "class A {\n  #" + "region x\n}")]).ShouldHaveSingleItem();
        FileRules.Regions([File("samples/A.cs", "#" + "region snippet x\n")]).ShouldBeEmpty();
    }

    [Fact]
    public void A_planted_note_for_later_is_found() => FileRules.Unfinisheds([File("docs/a.md", "TO" + "DO: write")]).ShouldHaveSingleItem();

    [Fact]
    public void A_planted_namespace_is_found()
    {
        FileRules.NamespacesThatHideTheClient([File("src/A.cs", "name" + "space VllmClient.Chat;")]).ShouldHaveSingleItem();
        FileRules.NamespacesThatHideTheClient([File("src/A.cs", "namespace Vllm;")]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("public sealed record Other;", 1)]
    [InlineData("public readonly record struct Other(int Value);", 1)]
    [InlineData("public delegate void Other(int value);", 1)]
    [InlineData("public sealed record Other;\npublic enum Named { Yes }", 0)]
    [InlineData("sealed class Internal;", 0)]
    public void A_planted_misnamed_file_is_found(string text, int findings) => FileRules.MisnamedFiles([File("src/Named.cs", text)]).Count().ShouldBe(findings);

    [Fact]
    public void A_planted_crowded_folder_is_found()
    {
        FileRules.CrowdedFolders(Enumerable.Range(0, 15).Select(index => File($"src/A/F{index}.cs", ""))).ShouldHaveSingleItem();
        FileRules.CrowdedFolders(Enumerable.Range(0, 14).Select(index => File($"src/A/F{index}.cs", ""))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("src/A/Helpers/B.cs", 1)]
    [InlineData("src/A/models/B.cs", 1)]
    [InlineData("src/A/Chat/B.cs", 0)]
    public void A_planted_folder_of_a_kind_is_found(string path, int findings) => FileRules.FoldersNamedAfterAKind([File(path, "")]).Count().ShouldBe(findings);

    [Theory]
    [InlineData("see /ho" + "me/ann/code", 1)]
    [InlineData("in '/wor" + "k/tree'", 1)]
    [InlineData(@"C:\User" + @"s\ann", 1)]
    [InlineData("https://example.org/home/ann and ./work/x, /v1/models", 0)]
    public void A_planted_machine_path_is_found(string text, int findings) => FileRules.MachinePaths([File("a.md", text)]).Count().ShouldBe(findings);

    [Fact]
    public void A_planted_carriage_return_is_found() => FileRules.CarriageReturns([File("a.md", "a\r\n")]).ShouldHaveSingleItem();

    static SourceFile File(string path, string text) => new(path, text);
}

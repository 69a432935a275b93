namespace Vllm.Tests.Repository.Docs;

public sealed class MeasuringDocsTests
{
    [Fact]
    public void Every_definition_that_the_code_mentions_is_in_the_document() =>
        Anchors.Missing(Repository.Sources, Repository.Read("docs/measuring.md")).ShouldBeEmpty();

    [Fact]
    public void Every_anchor_is_there_once() => Anchors.Doubled(Repository.Read("docs/measuring.md")).ShouldBeEmpty();

    [Fact]
    public void Every_link_between_documents_leads_somewhere() => Anchors.DeadLinks(Repository.TextFiles).ShouldBeEmpty();

    [Fact]
    public void A_planted_mention_without_a_definition_is_found() =>
        Anchors.Missing([new("src/A.cs", "/// Definition: measuring.md#known, measuring.md#un-known.")], "<a id=\"known\"></a>")
            .ShouldBe(["src/A.cs mentions measuring.md#un-known, which docs/measuring.md does not define"]);

    [Fact]
    public void A_planted_double_anchor_is_found() => Anchors.Doubled("<a id=\"a\"></a> <a id=\"b\"></a> <a id=\"a\"></a>").ShouldBe(["a"]);

    [Fact]
    public void A_planted_dead_link_is_found() =>
        Anchors.DeadLinks(
        [
            new("README.md", "[a](docs/there.md) [b](docs/gone.md) [c](docs/there.md#here) [d](docs/there.md#nowhere) [e](https://example.org)"),
            new("docs/there.md", "<a id=\"here\"></a> [up](../README.md)"),
        ]).ShouldBe(["README.md links to docs/gone.md", "README.md links to docs/there.md#nowhere"]);
}

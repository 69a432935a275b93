using System.Text.RegularExpressions;
using Vllm.Testing;

namespace Vllm.Tests.Repository.Prometheus;

/// <summary>README, documents, dashboard and alerts use the names that the exporter really gives.</summary>
public sealed partial class NamesTests(ExporterText exporter) : IClassFixture<ExporterText>
{
    const int Instruments = 15;

    // The scrape adds these to every series.
    static readonly string[] LabelsOfTheScrape = ["job", "instance", "le"];

    [Fact]
    public void Every_expression_names_metrics_that_are_exported() =>
        PromDocuments.Queries().SelectMany(query => Unknown(query.Source, query.Metrics, [exporter.Series, exporter.ServerNames])).ShouldBeEmpty();

    [Fact]
    public void Every_expression_names_labels_that_are_exported() =>
        PromDocuments.Queries().SelectMany(query => Unknown(query.Source, query.Labels, [exporter.Labels, exporter.ServerNames, LabelsOfTheScrape])).ShouldBeEmpty();

    [Fact]
    public void Every_name_in_prose_is_exported() =>
        PromDocuments.All.SelectMany(path => Unknown(path, PromDocuments.Names(PromDocuments.Read(path)), [exporter.Series, exporter.Metrics, exporter.Labels, exporter.ServerNames])).ShouldBeEmpty();

    [Fact]
    public void The_document_lists_every_metric_that_is_exported_and_no_other()
    {
        var exported = exporter.Metrics.Where(name => name.StartsWith("gen_ai_", StringComparison.Ordinal) || name.StartsWith("vllm_client_", StringComparison.Ordinal)).ToList();
        var documented = NameRow().Matches(PromDocuments.Read("docs/metrics.md")).Select(match => (Instrument: match.Groups[1].Value, Name: match.Groups[2].Value)).ToList();

        exported.Count.ShouldBe(Instruments);
        documented.Select(row => row.Name).Order(StringComparer.Ordinal).ShouldBe(exported.Order(StringComparer.Ordinal));
        foreach (var (instrument, name) in documented)
            name.ShouldStartWith(instrument.Replace('.', '_'));
    }

    [Theory]
    [InlineData("docs/metrics.md")]
    // What begins at the client's own gate is no figure of the server.
    [InlineData(PromDocuments.Dashboard, "gen_ai_client_operation_time_to_first_chunk_seconds")]
    public void Every_metric_is_asked_for(string path, params string[] butNot)
    {
        var asked = PromDocuments.Queries(path).SelectMany(query => query.Metrics).ToHashSet(StringComparer.Ordinal);

        exporter.Metrics.Where(name => name.StartsWith("gen_ai_", StringComparison.Ordinal) || name.StartsWith("vllm_client_", StringComparison.Ordinal))
            .Where(name => !asked.Any(series => series == name || series.StartsWith(name + "_", StringComparison.Ordinal)))
            .ShouldBe(butNot);
    }

    [Fact]
    public void Both_readmes_and_the_document_show_the_same_queries()
    {
        var english = PromDocuments.Queries("README.md").Select(query => query.Text).ToList();

        english.Count.ShouldBe(5);
        PromDocuments.Queries("README.zh-CN.md").Select(query => query.Text).ShouldBe(english);
        english.Except(PromDocuments.Queries("docs/metrics.md").Select(query => query.Text)).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_that_is_counted_has_got_lost()
    {
        PromDocuments.Queries("docs/metrics.md").Count.ShouldBe(18);
        PromDocuments.Queries(PromDocuments.Dashboard).Count.ShouldBe(57);
        PromDocuments.Queries(PromDocuments.Rules).Count.ShouldBe(Regex.Count(PromDocuments.Read(PromDocuments.Rules), "^ *- alert:", RegexOptions.Multiline));
    }

    [Fact]
    public void A_planted_metric_and_a_planted_label_are_found()
    {
        var query = PromDocuments.Queries("a.md", "| t | `sum by (le, modell) (rate(genai_tokens_total{kind=\"rate(x)\"}[5m])) / max(gen_ai_client_token_usage_sum{gen_ai_token_type=~\"a\\|b\"} offset 10m)` |\n").ShouldHaveSingleItem();

        query.Text.ShouldContain("\"a|b\"");
        query.Metrics.ShouldBe(["genai_tokens_total", "gen_ai_client_token_usage_sum"]);
        query.Labels.ShouldBe(["kind", "gen_ai_token_type", "le", "modell"]);
        Unknown("a.md", query.Metrics, [exporter.Series]).ShouldBe(["a.md names genai_tokens_total, which nothing exports"]);
        Unknown("a.md", query.Labels, [exporter.Labels, LabelsOfTheScrape]).ShouldBe(["a.md names kind, which nothing exports", "a.md names modell, which nothing exports"]);
    }

    static IEnumerable<string> Unknown(string source, IEnumerable<string> names, IEnumerable<string>[] known) =>
        names.Where(name => !known.Any(set => set.Contains(name))).Select(name => $"{source} names {name}, which nothing exports");

    [GeneratedRegex(@"^\| `([a-z_.]+)` \| `((?:gen_ai|vllm)_[a-z_]+)` \| [a-z ]+ \|$", RegexOptions.Multiline)]
    private static partial Regex NameRow();
}

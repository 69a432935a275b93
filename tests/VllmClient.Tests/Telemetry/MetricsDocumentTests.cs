using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vllm.Telemetry;
using Vllm.Testing;

namespace Vllm.Tests.Telemetry;

/// <summary>Acceptance check 1: the document that users read is the meter that runs.</summary>
public sealed partial class MetricsDocumentTests
{
    readonly string _document = File.ReadAllText(RepositoryFiles.Path("docs", "metrics.md"));

    [Fact]
    public void Every_instrument_has_a_query_and_every_query_names_live_series_and_labels()
    {
        var prometheus = PrometheusRow().Matches(_document).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        var series = prometheus.SelectMany(row => BoundedNames().IsMatch(row.Value) ? [row.Value + "_bucket", row.Value + "_sum", row.Value + "_count"] : new[] { row.Value }).ToHashSet();
        var labels = Constants(typeof(VllmTelemetry.Attributes)).Select(name => name.Replace('.', '_')).Append("le").ToHashSet();
        var queries = PromDocuments.Queries("docs/metrics.md").Select(query => query.Text).ToList();

        prometheus.Count.ShouldBe(15);
        foreach (var name in prometheus.Values) queries.ShouldContain(query => Regex.IsMatch(query, $@"\b{name}(_bucket|_sum|_count)?\b"), name);
        foreach (var text in queries)
        {
            foreach (Match name in SeriesName().Matches(text)) series.ShouldContain(name.Value, text);
            foreach (Match label in LabelName().Matches(text)) labels.ShouldContain(label.Groups[1].Value, text);
        }
    }

    [Fact]
    public void The_document_explains_every_attribute_of_metrics_and_every_error_type()
    {
        var section = _document[_document.IndexOf("## Attributes", StringComparison.Ordinal).._document.IndexOf("## In Prometheus", StringComparison.Ordinal)];
        var explained = AttributeRow().Matches(section).SelectMany(row => row.Groups[1].Value.Split(", ")).Select(name => name.Trim('`')).ToList();
        string[] ofSpansOnly = [VllmTelemetry.Attributes.RequestId, VllmTelemetry.Attributes.Attempts];

        explained.ShouldBe(Constants(typeof(VllmTelemetry.Attributes)).Except(ofSpansOnly), ignoreOrder: true);
        foreach (var errorType in Constants(typeof(VllmTelemetry.ErrorTypes))) _document.ShouldContain($"`{errorType}`");
    }

    [Fact]
    public void The_document_lists_exactly_the_live_instruments_with_kind_unit_and_description()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var live = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == VllmTelemetry.MeterName && ReferenceEquals(instrument.Meter.Scope, provider.GetRequiredService<IMeterFactory>()))
                    live.Add($"{instrument.Name} | {Kind(instrument)} | {instrument.Unit} | {instrument.Description}");
            },
        };
        listener.Start();

        VllmInstruments.For(provider.GetRequiredService<IMeterFactory>());

        var documented = Row().Matches(_document)
            .Select(row => $"{row.Groups[1].Value} | {row.Groups[2].Value} | {row.Groups[3].Value} | {row.Groups[4].Value}")
            .ToList();
        documented.Count.ShouldBe(15);
        documented.ShouldBe(live);
    }

    static string Kind(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        return name.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram" : name.Contains("UpDown", StringComparison.Ordinal) ? "up-down counter" : "counter";
    }

    static IEnumerable<string> Constants(Type type) => type.GetFields().Select(field => (string)field.GetRawConstantValue()!);

    [GeneratedRegex(@"^\| `((?:gen_ai|vllm)[\w.]+)` \| `(\w+)` \| [\w ]+ \|\r?$", RegexOptions.Multiline)]
    private static partial Regex PrometheusRow();

    [GeneratedRegex(@"^\| ((?:`[\w.]+`(?:, )?)+) \| (?:all|`)[^|]* \| [^|]+ \|\r?$", RegexOptions.Multiline)]
    private static partial Regex AttributeRow();

    [GeneratedRegex("_seconds$|_usage$")]
    private static partial Regex BoundedNames();

    [GeneratedRegex(@"\b(?:gen_ai|vllm)_client_\w+(?!\w*\s*(?:=|!=|=~|!~))(?<!_phase)\b")]
    private static partial Regex SeriesName();

    [GeneratedRegex(@"[{,(]([a-zA-Z_]\w*)(?:=|!=|=~|!~|\))")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"^\| `((?:gen_ai|vllm)[\w.]+)` \| ([\w -]+) \| `([^`]+)` \| (.+) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();
}

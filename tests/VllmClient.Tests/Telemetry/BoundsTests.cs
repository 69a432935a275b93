using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Vllm.Testing;

namespace Vllm.Tests.Telemetry;

/// <summary>Bucket bounds and Prometheus names, as the document states them and as they follow from their rules.</summary>
public sealed partial class BoundsTests : IDisposable
{
    readonly MeasuredClient _client = new();
    readonly string _document = File.ReadAllText(RepositoryFiles.Path("docs", "metrics.md"));

    [Fact]
    public void Bounds_are_those_of_the_convention_with_the_additions_of_each_kind()
    {
        double[] convention = [.. Doubling(0.01, 13)];
        var bounds = Live().ToDictionary(instrument => instrument.Name, Advised);

        Set([.. convention, .. Doubling(0.24, 8), 163.84, 327.68, 655.36], bounds[VllmTelemetry.Instruments.OperationDuration]);
        Set([.. convention, 0.005, .. Doubling(0.015, 8), 163.84], bounds[VllmTelemetry.Instruments.TimeToFirstToken]);
        Set([.. convention, 0.001, 0.002, 0.005, 0.015, 0.03, 0.06], bounds[VllmTelemetry.Instruments.LongestStall]);
        Set([.. Enumerable.Range(0, 11).Select(k => Math.Pow(4, k)), 128, 512, 2048, 8192, 32768, 131072], bounds[VllmTelemetry.Instruments.TokenUsage]);
    }

    [Fact]
    public void The_document_states_each_instruments_bounds_and_prometheus_name()
    {
        var lists = List().Matches(_document).ToDictionary(
            list => list.Groups[1].Value, list => list.Groups[2].Value.Split(' ').Select(bound => double.Parse(bound, CultureInfo.InvariantCulture)).ToArray());
        var documented = Row().Matches(_document).Select(row => (
            Name: row.Groups[1].Value,
            Prometheus: row.Groups[2].Value,
            Bounds: lists.TryGetValue(row.Groups[3].Value, out var list) ? list : [])).ToList();

        documented.Select(row => row.Name).ShouldBe(Live().Select(instrument => instrument.Name));
        foreach (var instrument in Live())
        {
            var row = documented.Single(row => row.Name == instrument.Name);
            row.Bounds.ShouldBe(Advised(instrument), instrument.Name);
            row.Prometheus.ShouldBe(instrument.Name.Replace('.', '_') + Suffix(instrument));
        }
    }

    public void Dispose() => _client.Dispose();

    List<Instrument> Live()
    {
        var live = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, _client.MeterFactory)) live.Add(instrument);
            },
        };
        listener.Start();
        return live;
    }

    static double[] Advised(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => [],
    };

    static string Suffix(Instrument instrument) => instrument switch
    {
        Counter<long> => "_total",
        { Unit: "s" } => "_seconds",
        _ => "",
    };

    static IEnumerable<double> Doubling(double first, int last) => Enumerable.Range(0, last + 1).Select(k => first * Math.Pow(2, k));

    static void Set(double[] expected, double[] actual) => actual.ShouldBe(expected.Order().Distinct());

    [GeneratedRegex(@"^\| `((?:gen_ai|vllm)[\w.]+)` \| `(\w+)` \| ([\w ]+) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^- Bounds of ([\w ]+?)(?:, s)?: ([\d. ]+)\r?$", RegexOptions.Multiline)]
    private static partial Regex List();
}

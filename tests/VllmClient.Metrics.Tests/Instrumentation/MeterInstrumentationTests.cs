using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Vllm.Tests.Instrumentation;

/// <summary>Instruments of the client's names on a meter of the test's own; a tag tells its measurements from those of tests that run beside it.</summary>
public sealed class MeterInstrumentationTests : IDisposable
{
    readonly string _test = Guid.NewGuid().ToString("N");
    readonly Meter _client = new(VllmTelemetry.MeterName);
    readonly Meter _load = new("VllmClient.Metrics");

    [Fact]
    public void Exports_the_advised_bounds_by_default()
    {
        var exported = Export(builder => builder.AddVllmClientInstrumentation());

        Bounds(exported, VllmTelemetry.Instruments.OperationDuration).ShouldBe([1, 2, double.PositiveInfinity]);
        Bounds(exported, VllmTelemetry.Instruments.TimeToFirstToken).ShouldBe([1, 2, double.PositiveInfinity]);
        exported.Keys.ShouldBe(AllNames, ignoreOrder: true);
    }

    [Fact]
    public void The_meter_alone_exports_the_same_as_the_call()
    {
        var glue = Export(builder => builder.AddVllmClientInstrumentation(options => options.IncludeLoadAndResources = false));
        var meter = Export(builder => builder.AddMeter(VllmTelemetry.MeterName));

        glue.Keys.ShouldBe(meter.Keys, ignoreOrder: true);
        foreach (var name in meter.Keys) Describe(glue[name]).ShouldBe(Describe(meter[name]));
    }

    [Fact]
    public void A_second_call_adds_nothing()
    {
        var exported = Export(builder => builder
            .AddVllmClientInstrumentation(options => options.Histograms = VllmHistograms.SemanticConventions)
            .AddVllmClientInstrumentation(options => options.Histograms = VllmHistograms.Exponential));

        exported[VllmTelemetry.Instruments.OperationDuration].ShouldHaveSingleItem().Kind.ShouldBe(MetricType.Histogram);
    }

    [Fact]
    public void Semantic_conventions_change_the_bounds_of_their_own_instruments_only()
    {
        var exported = Export(builder => builder.AddVllmClientInstrumentation(options => options.Histograms = VllmHistograms.SemanticConventions));

        Bounds(exported, VllmTelemetry.Instruments.OperationDuration).ShouldBe(
            [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, double.PositiveInfinity]);
        Bounds(exported, VllmTelemetry.Instruments.TokenUsage).ShouldBe(
            [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864, double.PositiveInfinity]);
        Bounds(exported, VllmTelemetry.Instruments.TimeToFirstToken).ShouldBe([1, 2, double.PositiveInfinity]);
    }

    [Fact]
    public void Exponential_changes_every_histogram_and_no_counter()
    {
        var exported = Export(builder => builder.AddVllmClientInstrumentation(options => options.Histograms = VllmHistograms.Exponential));

        exported[VllmTelemetry.Instruments.OperationDuration].ShouldHaveSingleItem().Kind.ShouldBe(MetricType.ExponentialHistogram);
        exported[VllmTelemetry.Instruments.TokenUsage].ShouldHaveSingleItem().Kind.ShouldBe(MetricType.ExponentialHistogram);
        exported["vllm.load.turn.duration"].ShouldHaveSingleItem().Kind.ShouldBe(MetricType.ExponentialHistogram);
        exported[VllmTelemetry.Instruments.Retries].ShouldHaveSingleItem().Kind.ShouldBe(MetricType.LongSum);
    }

    [Fact]
    public void Without_chunk_gaps_only_they_are_missing()
    {
        var exported = Export(builder => builder.AddVllmClientInstrumentation(options => options.ChunkGaps = false));

        exported.Keys.ShouldBe(AllNames.Except([VllmTelemetry.Instruments.TimePerOutputChunk]), ignoreOrder: true);
        Bounds(exported, VllmTelemetry.Instruments.OperationDuration).ShouldBe([1, 2, double.PositiveInfinity]);
    }

    [Fact]
    public void Load_and_resources_can_be_left_out()
    {
        var exported = Export(builder => builder.AddVllmClientInstrumentation(options => options.IncludeLoadAndResources = false));

        exported.Keys.ShouldNotContain("vllm.load.turn.duration");
        exported.Keys.ShouldContain(VllmTelemetry.Instruments.OperationDuration);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Http_metrics_come_only_when_asked_for(bool include)
    {
        using var http = new Meter("System.Net.Http");
        using var names = new Meter("System.Net.NameResolution");

        var exported = Export(
            builder => builder.AddVllmClientInstrumentation(options => options.IncludeHttp = include),
            () =>
            {
                http.CreateHistogram<double>("http.client.request.duration", "s").Record(1, Tag);
                names.CreateHistogram<double>("dns.lookup.duration", "s").Record(1, Tag);
            });

        exported.ContainsKey("http.client.request.duration").ShouldBe(include);
        exported.ContainsKey("dns.lookup.duration").ShouldBe(include);
    }

    public void Dispose()
    {
        _client.Dispose();
        _load.Dispose();
    }

    static string[] AllNames =>
    [
        VllmTelemetry.Instruments.OperationDuration, VllmTelemetry.Instruments.TimePerOutputChunk, VllmTelemetry.Instruments.TimeToFirstToken,
        VllmTelemetry.Instruments.TokenUsage, VllmTelemetry.Instruments.Retries, "vllm.load.turn.duration",
    ];

    KeyValuePair<string, object?> Tag => new("test", _test);

    Dictionary<string, List<Exported>> Export(Action<MeterProviderBuilder> configure, Action? more = null)
    {
        var metrics = new List<Metric>();
        var builder = Sdk.CreateMeterProviderBuilder();
        configure(builder);
        using var provider = builder.AddReader(new BaseExportingMetricReader(new KeptExporter<Metric>(metrics))).Build();
        foreach (var name in new[] { VllmTelemetry.Instruments.OperationDuration, VllmTelemetry.Instruments.TimePerOutputChunk, VllmTelemetry.Instruments.TimeToFirstToken })
            Seconds(_client, name).Record(1.5, Tag);
        _client.CreateHistogram(VllmTelemetry.Instruments.TokenUsage, "{token}", null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2] }).Record(3, Tag);
        _client.CreateCounter<long>(VllmTelemetry.Instruments.Retries, "{retry}").Add(1, Tag);
        Seconds(_load, "vllm.load.turn.duration").Record(1.5, Tag);
        more?.Invoke();
        provider.ForceFlush();
        return Mine(metrics);
    }

    static Histogram<double> Seconds(Meter meter, string name) =>
        meter.CreateHistogram(name, "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });

    Dictionary<string, List<Exported>> Mine(List<Metric> metrics)
    {
        var mine = new Dictionary<string, List<Exported>>();
        foreach (var metric in metrics)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                if (!HasTag(point)) continue;
                if (!mine.TryGetValue(metric.Name, out var list)) mine[metric.Name] = list = [];
                list.Add(new Exported(metric.MetricType, metric.Unit, metric.MetricType == MetricType.Histogram ? BoundsOf(point) : []));
            }
        }
        return mine;
    }

    bool HasTag(in MetricPoint point)
    {
        foreach (var tag in point.Tags)
        {
            if (tag.Key == "test" && (string?)tag.Value == _test) return true;
        }
        return false;
    }

    static double[] BoundsOf(in MetricPoint point)
    {
        var bounds = new List<double>();
        foreach (var bucket in point.GetHistogramBuckets()) bounds.Add(bucket.ExplicitBound);
        return [.. bounds];
    }

    static double[] Bounds(Dictionary<string, List<Exported>> exported, string name) => exported[name].ShouldHaveSingleItem().Bounds;

    static string Describe(List<Exported> exported) => string.Join("; ", exported.Select(e => $"{e.Kind} {e.Unit} {string.Join(' ', e.Bounds)}"));

    sealed record Exported(MetricType Kind, string Unit, double[] Bounds);
}

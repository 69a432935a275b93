using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Vllm.Tests.Instrumentation;

/// <summary>Acceptance checks 6, 8 and 12 with a real client: what one line of set-up exports.</summary>
public sealed class RealClientTests
{
    readonly string _provider = Guid.NewGuid().ToString("N");

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Check_12_the_call_and_the_meter_alone_export_all_fifteen_instruments(bool glue)
    {
        var metrics = new List<Metric>();
        var builder = Sdk.CreateMeterProviderBuilder();
        if (glue) builder.AddVllmClientInstrumentation().AddVllmClientInstrumentation();
        else builder.AddMeter(VllmTelemetry.MeterName);
        using var provider = builder.AddReader(new BaseExportingMetricReader(new KeptExporter<Metric>(metrics))).Build();

        await EveryInstrument.CallAsync(_provider, Token);
        provider.ForceFlush();

        // Other tests of this process have meters of the same name; those of this test's calls are told by its provider.
        var client = metrics.Where(metric => metric.MeterName == VllmTelemetry.MeterName && HasPoints(metric)).ToList();
        client.Select(metric => metric.Name).ShouldBe(typeof(VllmTelemetry.Instruments).GetFields().Select(field => (string)field.GetRawConstantValue()!), ignoreOrder: true);
        Count(client, VllmTelemetry.Instruments.OperationDuration).ShouldBe(3);
    }

    [Fact]
    public async Task Check_6_a_disposed_client_does_not_silence_another()
    {
        var metrics = new List<Metric>();
        using var provider = Sdk.CreateMeterProviderBuilder().AddVllmClientInstrumentation().AddReader(new BaseExportingMetricReader(new KeptExporter<Metric>(metrics))).Build();

        for (var i = 0; i < 2; i++) await EveryInstrument.CallAsync(_provider, Token);
        provider.ForceFlush();

        Count(metrics, VllmTelemetry.Instruments.OperationDuration).ShouldBe(6);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Check_12_spans_come_once_however_often_they_are_asked_for(bool glue, bool http)
    {
        var spans = new List<Activity>();
        var builder = Sdk.CreateTracerProviderBuilder();
        if (http) builder.AddHttpClientInstrumentation();
        if (glue) builder.AddVllmClientInstrumentation().AddVllmClientInstrumentation();
        builder.AddSource(VllmTelemetry.ActivitySourceName);

        using (var provider = builder.AddProcessor(new SimpleActivityExportProcessor(new KeptExporter<Activity>(spans))).Build()) await EveryInstrument.CallAsync(_provider, Token);

        spans.Count(span => span.GetTagItem(VllmTelemetry.Attributes.ProviderName) as string == _provider).ShouldBe(3);
    }

    bool HasPoints(Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            foreach (var tag in point.Tags)
                if (tag.Value as string == _provider) return true;
        }

        return false;
    }

    long Count(List<Metric> metrics, string name)
    {
        var count = 0L;
        foreach (var metric in metrics.Where(metric => metric.Name == name))
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                foreach (var tag in point.Tags)
                {
                    if (tag.Value as string == _provider) count += point.GetHistogramCount();
                }
            }
        }

        return count;
    }
}

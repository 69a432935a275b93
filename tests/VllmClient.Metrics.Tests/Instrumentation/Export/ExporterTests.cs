using System.Text.RegularExpressions;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Vllm.Testing;

namespace Vllm.Tests.Instrumentation.Export;

/// <summary>Acceptance check 15: what real exporters make of real calls.</summary>
public sealed partial class ExporterTests
{
    static readonly string[] Common = ["gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "server.address", "server.port"];

    readonly string _provider = Guid.NewGuid().ToString("N");

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_15_a_collector_receives_every_instrument_with_unit_description_bounds_and_attributes()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Token);
        using var provider = Sdk.CreateMeterProviderBuilder().AddVllmClientInstrumentation()
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, receiver, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 3_600_000;
            }).Build();

        await EveryInstrument.CallAsync(_provider, Token, whileOpen: () => provider.ForceFlush().ShouldBeTrue());
        provider.ForceFlush().ShouldBeTrue();

        var points = receiver.Points.Where(point => point.Tags.TryGetValue("gen_ai.provider.name", out var name) && name == _provider).ToList();
        points.ShouldAllBe(point => point.Meter == VllmTelemetry.MeterName);
        points.Select(point => $"{point.Name} | {point.Kind} | {point.Unit} | {point.Description}").Distinct().Order().ShouldBe(Documented());
        points.Where(point => point.Kind == "histogram").ShouldAllBe(point => point.Bounds.Length >= 17);
        OtlpPoint[] Of(string instrument) => [.. points.Where(point => point.Name == instrument)];
        Of(VllmTelemetry.Instruments.OperationDuration)[0].Tags.Keys.ShouldBe([.. Common, "gen_ai.response.model"], ignoreOrder: true);
        Of(VllmTelemetry.Instruments.TokenUsage)[0].Tags.Keys.ShouldBe([.. Common, "gen_ai.response.model", "gen_ai.token.type"], ignoreOrder: true);
        Of(VllmTelemetry.Instruments.Retries)[0].Tags.Keys.ShouldBe([.. Common, "error.type"], ignoreOrder: true);
        Of(VllmTelemetry.Instruments.ActiveRequests)[0].Tags.Keys.ShouldBe([.. Common, "vllm.client.request.phase"], ignoreOrder: true);
        Of(VllmTelemetry.Instruments.TimeInQueue)[0].Tags.Keys.ShouldBe(Common, ignoreOrder: true);
        Of(VllmTelemetry.Instruments.OperationDuration).Where(point => !point.Tags.ContainsKey("error.type")).Max(point => point.Count).ShouldBe(2ul);
        Of(VllmTelemetry.Instruments.OperationDuration).Where(point => point.Tags.ContainsKey("error.type")).ShouldHaveSingleItem().Tags["error.type"].ShouldBe("abandoned");
        Of(VllmTelemetry.Instruments.TokenUsage).Where(point => point.Tags["gen_ai.token.type"] == "input").ShouldAllBe(point => point.Value == EveryInstrument.InputTokens);
        Of(VllmTelemetry.Instruments.TokenUsage).Where(point => point.Tags["gen_ai.token.type"] == "output").ShouldAllBe(point => point.Value == EveryInstrument.OutputTokens);
        var receiving = Of(VllmTelemetry.Instruments.ActiveRequests).Where(point => point.Tags["vllm.client.request.phase"] == "receiving").Select(point => point.Value);
        receiving.ShouldBe([1, 0]);
        Of(VllmTelemetry.Instruments.CacheReadInputTokens).ShouldAllBe(point => point.Value == 16);
        Of(VllmTelemetry.Instruments.ReasoningOutputTokens).ShouldAllBe(point => point.Value == 3);
    }

    [Fact]
    public async Task Check_15_a_collector_receives_the_spans_and_the_measurements_that_point_to_them()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Token);
        using var meters = Sdk.CreateMeterProviderBuilder().AddVllmClientInstrumentation().SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, receiver, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 3_600_000;
            }).Build();
        using var tracer = Sdk.CreateTracerProviderBuilder().AddVllmClientInstrumentation()
            .AddOtlpExporter(exporter => Configure(exporter, receiver, "v1/traces")).Build();

        await EveryInstrument.CallAsync(_provider, Token);
        meters.ForceFlush().ShouldBeTrue();
        tracer.ForceFlush().ShouldBeTrue();

        var spans = receiver.Spans.Where(span => span.Tags.TryGetValue("gen_ai.provider.name", out var name) && name == _provider).ToList();
        spans.Count.ShouldBe(3);
        spans.ShouldAllBe(span => span.Source == VllmTelemetry.ActivitySourceName && span.Name == "chat tiny");
        spans[0].Events.ShouldBe(["vllm.client.retry", "vllm.client.first_content"]);
        spans[0].Tags["vllm.client.attempts"].ShouldBe("2");
        spans[0].Tags["gen_ai.usage.output_tokens"].ShouldBe("7");
        var withExemplars = receiver.Points.Where(point => point.Tags.TryGetValue("gen_ai.provider.name", out var name) && name == _provider && point.Exemplars > 0).Select(point => point.Name).ToHashSet();
        withExemplars.ShouldContain(VllmTelemetry.Instruments.OperationDuration);
        withExemplars.ShouldContain(VllmTelemetry.Instruments.TimeToFirstToken);
        withExemplars.ShouldContain(VllmTelemetry.Instruments.TokenUsage);
    }

    [Fact]
    public async Task Check_15_the_console_shows_duration_tokens_and_active_calls()
    {
        var text = new StringWriter();
        var console = Console.Out;
        Console.SetOut(TextWriter.Synchronized(text));
        try
        {
            using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(VllmTelemetry.MeterName).AddConsoleExporter().Build();
            await EveryInstrument.CallAsync(_provider, Token, whileOpen: () => provider.ForceFlush());
        }
        finally
        {
            Console.SetOut(console);
        }

        foreach (var name in new[] { VllmTelemetry.Instruments.OperationDuration, VllmTelemetry.Instruments.TokenUsage, VllmTelemetry.Instruments.ActiveRequests })
            text.ToString().ShouldContain(name);
        text.ToString().ShouldContain(_provider);
    }

    [Fact]
    public async Task Check_15_the_memory_exporter_shows_duration_tokens_and_active_calls()
    {
        var metrics = new List<Metric>();
        using var provider = Sdk.CreateMeterProviderBuilder().AddVllmClientInstrumentation().AddInMemoryExporter(metrics).Build();

        await EveryInstrument.CallAsync(_provider, Token);
        provider.ForceFlush();

        var names = metrics.Select(metric => metric.Name).ToHashSet();
        names.ShouldContain(VllmTelemetry.Instruments.OperationDuration);
        names.ShouldContain(VllmTelemetry.Instruments.TokenUsage);
        names.ShouldContain(VllmTelemetry.Instruments.ActiveRequests);
    }

    static void Configure(OtlpExporterOptions exporter, OtlpReceiver receiver, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new(receiver.Url, path);
    }

    static IEnumerable<string> Documented() => Row().Matches(File.ReadAllText(RepositoryFiles.Path("docs", "metrics.md")))
        .Select(row => $"{row.Groups[1].Value} | {row.Groups[2].Value} | {row.Groups[3].Value} | {row.Groups[4].Value}").Order();

    [GeneratedRegex(@"^\| `((?:gen_ai|vllm)[\w.]+)` \| ([\w -]+) \| `([^`]+)` \| (.+) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();
}

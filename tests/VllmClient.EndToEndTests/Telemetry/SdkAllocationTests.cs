using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Vllm.Telemetry;
using Vllm.Tests.Prometheus;

namespace Vllm.Tests.EndToEnd.Telemetry;

/// <summary>Acceptance check 11: with the OpenTelemetry SDK on all fifteen instruments a call costs no byte more than with nobody listening. Alone, because other tests trace calls.</summary>
[Collection(nameof(Alone))]
public sealed class SdkAllocationTests
{
    const int Calls = 200;
    const int Chunks = 200;

    static readonly Usage Tokens = new() { PromptTokens = 100, CompletionTokens = 200, TotalTokens = 300, CachedTokens = 1, ReasoningTokens = 1 };

    readonly ClientTelemetry _telemetry = new(VllmInstruments.For(null), new() { ProviderName = Guid.NewGuid().ToString("N") }, new("http://gpu:8000"), TimeProvider.System, NullLogger.Instance, () => false);

    [Theory]
    [InlineData(VllmHistograms.Recommended)]
    [InlineData(VllmHistograms.SemanticConventions)]
    [InlineData(VllmHistograms.Exponential)]
    public void Check_11_the_sdk_costs_a_call_of_200_chunks_nothing_more(VllmHistograms histograms)
    {
        var silent = Allocated();
        using var provider = Sdk.CreateMeterProviderBuilder().AddVllmClientInstrumentation(options => options.Histograms = histograms)
            .AddReader(new BaseExportingMetricReader(new NoExporter())).Build();

        var heard = Allocated();

        _telemetry.Instruments.Snapshot().ShouldBe((InstrumentSet)((1 << 14) - 1));
        heard.ShouldBe(silent);
        (silent / Calls).ShouldBeLessThanOrEqualTo(400);
    }

    // The least of several rounds: an exponential histogram makes room whenever a value falls outside all that it has seen.
    long Allocated() => Enumerable.Range(0, 5).Min(_ => Round());

    long Round()
    {
        for (var i = 0; i < Calls; i++) Call();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++) Call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    void Call()
    {
        using var call = _telemetry.Start(new("chat", "llama", true, null, null));
        var now = call.StartedTimestamp;
        call.Queued();
        call.GateLeft();
        call.Sent(1, "r");
        call.Retrying("503", TimeSpan.Zero);
        call.Sent(2, "r-r1");
        call.Headers(200);
        call.Answered("id", "llama-3");
        for (var i = 0; i < Chunks; i++) call.Content(new() { Timestamp = now += 1000, EventsInRead = 1, TextBytes = 4, Kinds = ContentKinds.Text });
        call.Usage(Tokens);
        call.Finished(0, FinishReason.Stop);
        call.Completed(now);
    }

    sealed class NoExporter : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Vllm.Testing;
using Vllm.Tests.Telemetry;
using Recording = Vllm.Testing.Recording;

namespace Vllm.Tests.ExtensionsAI;

/// <summary>Acceptance check 14 of the client: one duration and at most one span per call, whoever else measures. Alone, because listeners to spans are the process's.</summary>
[Collection(nameof(Alone))]
public sealed class AdapterTelemetryTests : IDisposable
{
    const string Foreign = "Experimental.Microsoft.Extensions.AI";
    const string Duration = "gen_ai.client.operation.duration";

    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    readonly MeterListener _meters = new();
    readonly List<(string Meter, string Instrument)> _samples = [];
    readonly List<Activity> _spans = [];
    readonly string _model = $"model-{Guid.NewGuid():N}";

    public AdapterTelemetryTests()
    {
        _meters.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Keep(instrument, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Keep(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Keep(instrument, tags));
        _meters.Start();
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool, string>();
            foreach (var way in new[] { "native", "adapter", "adapter with UseOpenTelemetry" })
                foreach (var streams in new[] { false, true })
                    foreach (var sampling in new[] { "sampled", "unsampled", "metrics only" }) cases.Add(way, streams, sampling);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Check_14_one_duration_and_at_most_one_span(string way, bool streams, string sampling)
    {
        using var spans = Spans(sampling);
        var isForeign = way.EndsWith("UseOpenTelemetry", StringComparison.Ordinal);
        using var client = Client(streams, isForeign ? null : () => false);

        await AskAsync(way, client, streams);

        _samples.Count(sample => sample.Instrument == Duration).ShouldBe(1);
        _samples.Single(sample => sample.Instrument == Duration).Meter.ShouldBe(isForeign ? Foreign : VllmTelemetry.MeterName);
        _samples.Where(sample => sample.Instrument.StartsWith("gen_ai.", StringComparison.Ordinal)).ShouldAllBe(sample => sample.Meter == (isForeign ? Foreign : VllmTelemetry.MeterName));
        _samples.Count(sample => sample == (VllmTelemetry.MeterName, VllmTelemetry.Instruments.StreamChunks)).ShouldBe(streams ? 1 : 0);
        _samples.Count(sample => sample == (VllmTelemetry.MeterName, VllmTelemetry.Instruments.CacheReadInputTokens)).ShouldBe(1);
        if (sampling != "sampled")
        {
            _spans.ShouldBeEmpty();
            return;
        }

        var span = _spans.ShouldHaveSingleItem();
        span.DisplayName.ShouldBe($"chat {_model}");
        span.Source.Name.ShouldBe(isForeign ? Foreign : VllmTelemetry.ActivitySourceName);
        span.GetTagItem(VllmTelemetry.Attributes.RequestId).ShouldBeOfType<string>().Length.ShouldBe(32);
        span.GetTagItem("gen_ai.usage.output_tokens").ShouldNotBeNull();
    }

    [Theory]
    [InlineData(GenAiMetricsMode.Always, true, 1)]
    [InlineData(GenAiMetricsMode.Auto, true, 0)]
    [InlineData(GenAiMetricsMode.Auto, false, 1)]
    [InlineData(GenAiMetricsMode.Never, false, 0)]
    public async Task EmitGenAiMetrics_decides_about_adapter_calls(GenAiMetricsMode setting, bool isForeign, int durations)
    {
        using var client = Client(false, () => isForeign, setting);

        await AskAsync("adapter", client, false);

        _samples.Count(sample => sample.Instrument == Duration).ShouldBe(durations);
        _samples.Count(sample => sample.Instrument == VllmTelemetry.Instruments.CacheReadInputTokens).ShouldBe(1);
    }

    [Theory]
    [InlineData("native")]
    [InlineData("adapter with UseOpenTelemetry")]
    public async Task A_cut_stream_is_one_duration_and_one_span_that_says_so(string way)
    {
        using var spans = Spans("sampled");
        using var client = Client(new ScriptedHandler().Streams(() => new MemoryStream(Recording.Load("chat-stream-usage").Body, 0, 2000)), way == "native" ? () => false : null);

        await Should.ThrowAsync<VllmStreamException>(() => AskAsync(way, client, true));

        _samples.Count(sample => sample.Instrument == Duration).ShouldBe(1);
        _spans.ShouldHaveSingleItem().Status.ShouldBe(ActivityStatusCode.Error);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _services.Dispose();
    }

    async Task AskAsync(string way, VllmClient client, bool streams)
    {
        if (way == "native")
        {
            var request = new ChatRequest { Model = _model, Messages = ["Hello"] };
            if (streams) await client.ChatStreamAsync(request, cancellationToken: Token).LastAsync(Token);
            else await client.ChatAsync(request, cancellationToken: Token);
            return;
        }

        using var adapter = client.AsIChatClient();
        using var chat = way == "adapter" ? adapter : adapter.AsBuilder().UseOpenTelemetry().Build();
        var options = new ChatOptions { ModelId = _model };
        if (streams) await chat.GetStreamingResponseAsync("Hello", options, Token).LastAsync(Token);
        else await chat.GetResponseAsync("Hello", options, Token);
    }

    VllmClient Client(bool streams, Func<bool>? foreign, GenAiMetricsMode setting = GenAiMetricsMode.Auto)
    {
        var handler = new ScriptedHandler();
        if (streams) handler.Streams(() => new MemoryStream(Recording.Load("chat-stream-usage").Body));
        else handler.Answers(Recording.Load("chat-basic"));
        return Client(handler, foreign, setting);
    }

    VllmClient Client(ScriptedHandler handler, Func<bool>? foreign, GenAiMetricsMode setting = GenAiMetricsMode.Auto) => handler.Client(
        options => options.Telemetry.EmitGenAiMetrics = setting,
        new() { MeterFactory = _services.GetRequiredService<IMeterFactory>(), ForeignInstruments = foreign });

    ActivityListener? Spans(string sampling)
    {
        if (sampling == "metrics only") return null;
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Foreign or VllmTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampling == "sampled" ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    void Keep(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
            if (tag.Key == "gen_ai.request.model" && tag.Value as string == _model) _samples.Add((instrument.Meter.Name, instrument.Name));
    }
}

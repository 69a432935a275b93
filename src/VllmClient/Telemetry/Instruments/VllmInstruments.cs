using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using static Vllm.VllmTelemetry;

namespace Vllm.Telemetry;

/// <summary>All instruments of the client. One set per meter factory, and one for the process without a factory; never disposed, because a disposed meter mutes its namesakes.</summary>
sealed class VllmInstruments
{
    static readonly ConditionalWeakTable<IMeterFactory, VllmInstruments> ByFactory = [];
    static readonly Lazy<VllmInstruments> Shared = new(() => new VllmInstruments(new Meter(Options())));

    readonly ConcurrentDictionary<ActiveKey, ActiveCell> _active = new();
    readonly (InstrumentSet Flag, Instrument Instrument)[] _recorded;

    VllmInstruments(Meter meter)
    {
        Duration = Seconds(meter, Instruments.OperationDuration, "Whole call, with gate and retries.", Bounds.Durations);
        TimeToFirstChunk = Seconds(meter, Instruments.TimeToFirstChunk, "Streams: call start to first content.", Bounds.FirstContent);
        TimePerOutputChunk = Seconds(meter, Instruments.TimePerOutputChunk, "Streams: gap between content events.", Bounds.Gaps);
        TokenUsage = meter.CreateHistogram(
            Instruments.TokenUsage, "{token}", "Prompt and completion tokens per call.", tags: null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = Bounds.Tokens });
        TimeToFirstToken = Seconds(meter, Instruments.TimeToFirstToken, "Streams: hand-over of the last attempt to first content.", Bounds.FirstContent);
        TimeToFirstVisibleToken = Seconds(meter, Instruments.TimeToFirstVisibleToken, "Same start to first text or tool call.", Bounds.FirstContent);
        TimePerOutputToken = Seconds(
            meter, Instruments.TimePerOutputToken,
            "Streams: (last − first content) ÷ (output tokens − those of the first content event); measuring.md#tpot.", Bounds.Gaps);
        LongestStall = Seconds(meter, Instruments.LongestStall, "Longest pause after the first content event.", Bounds.Gaps);
        StreamChunks = meter.CreateCounter<long>(Instruments.StreamChunks, "{chunk}", "Content events.");
        CacheReadInputTokens = meter.CreateCounter<long>(Instruments.CacheReadInputTokens, "{token}", "Cached prompt tokens.");
        ReasoningOutputTokens = meter.CreateCounter<long>(Instruments.ReasoningOutputTokens, "{token}", "Reasoning tokens.");
        UsageMissing = meter.CreateCounter<long>(Instruments.UsageMissing, "{operation}", "Calls with output but without usage.");
        ActiveRequests = meter.CreateObservableUpDownCounter(Instruments.ActiveRequests, ReadActive, "{request}", "Calls now in the client, by phase.");
        TimeInQueue = Seconds(meter, Instruments.TimeInQueue, "Wait at the `MaxConcurrentRequests` gate.", Bounds.Durations);
        Retries = meter.CreateCounter<long>(Instruments.Retries, "{retry}", "Further attempts, by failure before.");
        _recorded =
        [
            (InstrumentSet.Duration, Duration), (InstrumentSet.TimeToFirstChunk, TimeToFirstChunk),
            (InstrumentSet.TimePerOutputChunk, TimePerOutputChunk), (InstrumentSet.TokenUsage, TokenUsage),
            (InstrumentSet.TimeToFirstToken, TimeToFirstToken), (InstrumentSet.TimeToFirstVisibleToken, TimeToFirstVisibleToken),
            (InstrumentSet.TimePerOutputToken, TimePerOutputToken), (InstrumentSet.LongestStall, LongestStall),
            (InstrumentSet.StreamChunks, StreamChunks), (InstrumentSet.CacheReadInputTokens, CacheReadInputTokens),
            (InstrumentSet.ReasoningOutputTokens, ReasoningOutputTokens), (InstrumentSet.UsageMissing, UsageMissing),
            (InstrumentSet.TimeInQueue, TimeInQueue), (InstrumentSet.Retries, Retries),
        ];
    }

    internal Histogram<double> Duration { get; }

    internal Histogram<double> TimeToFirstChunk { get; }

    internal Histogram<double> TimePerOutputChunk { get; }

    internal Histogram<long> TokenUsage { get; }

    internal Histogram<double> TimeToFirstToken { get; }

    internal Histogram<double> TimeToFirstVisibleToken { get; }

    internal Histogram<double> TimePerOutputToken { get; }

    internal Histogram<double> LongestStall { get; }

    internal Counter<long> StreamChunks { get; }

    internal Counter<long> CacheReadInputTokens { get; }

    internal Counter<long> ReasoningOutputTokens { get; }

    internal Counter<long> UsageMissing { get; }

    internal ObservableUpDownCounter<long> ActiveRequests { get; }

    internal Histogram<double> TimeInQueue { get; }

    internal Counter<long> Retries { get; }

    /// <summary>The instruments of a factory, or of the process if there is none.</summary>
    internal static VllmInstruments For(IMeterFactory? factory) =>
        factory is null ? Shared.Value : ByFactory.GetValue(factory, static f => new VllmInstruments(f.Create(Options())));

    /// <summary>The instruments somebody listens to now.</summary>
    internal InstrumentSet Snapshot()
    {
        var enabled = InstrumentSet.None;
        foreach (var (flag, instrument) in _recorded)
        {
            if (instrument.Enabled) enabled |= flag;
        }
        return enabled;
    }

    /// <summary>The counts of active calls for one set of attribute values; clients with equal values share them.</summary>
    internal ActiveCell Active(ActiveKey key) => _active.GetOrAdd(key, static k => new ActiveCell(k));

    IEnumerable<Measurement<long>> ReadActive()
    {
        foreach (var cell in _active.Values)
        {
            for (var phase = CallPhase.Queued; phase <= CallPhase.Backoff; phase++) yield return cell.Read(phase);
        }
    }

    static Histogram<double> Seconds(Meter meter, string name, string description, double[] bounds) =>
        meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    static MeterOptions Options() => new(MeterName) { TelemetrySchemaUrl = SchemaUrl };
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Vllm.Telemetry;

namespace Vllm.Tests.Telemetry;

/// <summary>One measurement as a listener saw it, tags in order.</summary>
sealed record Recording(string Instrument, double Value, KeyValuePair<string, object?>[] Tags)
{
    internal object? this[string key] => Tags.FirstOrDefault(tag => tag.Key == key).Value;

    internal string Keys => string.Join(' ', Tags.Select(tag => tag.Key));
}

/// <summary>The telemetry of one client on a clock of its own, with a listener that sees this client alone.</summary>
sealed class MeasuredClient : IDisposable
{
    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    readonly MeterListener _listener = new();
    readonly List<Recording> _recordings = [];
    readonly Func<string, bool> _listens;

    internal MeasuredClient(
        VllmTelemetryOptions? options = null,
        Func<string, bool>? listens = null,
        string baseUrl = "http://gpu:8000",
        Func<bool>? foreignInstruments = null,
        bool isListening = true,
        bool isLogging = true)
    {
        _listens = listens ?? (_ => true);
        MeterFactory = _services.GetRequiredService<IMeterFactory>();
        Instruments = VllmInstruments.For(MeterFactory);
        Telemetry = new ClientTelemetry(Instruments, options ?? new(), new Uri(baseUrl), Clock, isLogging ? Logger : NullLogger.Instance, foreignInstruments ?? (() => false));
        if (isListening) Listen();
    }

    internal FakeTimeProvider Clock { get; } = new();

    internal FakeLogger Logger { get; } = new();

    internal IMeterFactory MeterFactory { get; }

    internal VllmInstruments Instruments { get; }

    internal ClientTelemetry Telemetry { get; }

    internal IReadOnlyList<Recording> Recordings => _recordings;

    internal IEnumerable<string> Recorded => _recordings.Select(recording => recording.Instrument);

    internal void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, MeterFactory) && _listens(instrument.Name)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _recordings.Add(new(instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _recordings.Add(new(instrument.Name, value, tags.ToArray())));
        _listener.Start();
    }

    internal RequestMeasurement Stream(string? model = "llama", GenerationRequest? request = null, IReadOnlyDictionary<string, string>? tags = null, bool isAdapter = false) =>
        Telemetry.Start(new CallStart("chat", model, true, request, tags, isAdapter));

    internal RequestMeasurement Call(string? model = "llama", GenerationRequest? request = null, IReadOnlyDictionary<string, string>? tags = null, bool isAdapter = false) =>
        Telemetry.Start(new CallStart("chat", model, false, request, tags, isAdapter));

    internal void Pass(double milliseconds) => Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    internal void Arrive(
        RequestMeasurement call,
        int choice = 0,
        ContentKinds kinds = ContentKinds.Text,
        int? outputTokensSoFar = null,
        bool heldByCaller = false)
    {
        var now = Clock.GetTimestamp();
        call.Event(now);
        call.Content(new ContentArrival { Timestamp = now, Choice = choice, EventsInRead = 1, TextBytes = 4, Kinds = kinds, OutputTokensSoFar = outputTokensSoFar, HeldByCaller = heldByCaller });
    }

    internal void Complete(RequestMeasurement call) => call.Completed(Clock.GetTimestamp());

    internal IReadOnlyList<Recording> Of(string instrument) => [.. _recordings.Where(recording => recording.Instrument == instrument)];

    /// <summary>Calls now active by phase; phases without any are left out.</summary>
    internal Dictionary<string, long> Active()
    {
        var before = _recordings.Count;
        _listener.RecordObservableInstruments();
        var read = _recordings.Skip(before).Where(recording => recording.Value != 0).ToDictionary(
            recording => (string)recording[VllmTelemetry.Attributes.RequestPhase]!, recording => (long)recording.Value);
        _recordings.RemoveRange(before, _recordings.Count - before);
        return read;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }
}

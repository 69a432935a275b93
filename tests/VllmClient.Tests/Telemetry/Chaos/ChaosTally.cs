using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Vllm.Tests.Telemetry.Chaos;

/// <summary>What one listener heard, summed by instrument and by the one attribute that tells cases apart. Safe for calls that run in parallel.</summary>
sealed class ChaosTally : IDisposable
{
    readonly ConcurrentDictionary<(string Instrument, string Tag), (long Count, double Sum)> _heard = new();
    readonly ConcurrentDictionary<string, long> _active = new();
    readonly MeterListener _listener = new();

    internal ChaosTally(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.Start();
    }

    internal long Count(string instrument) => _heard.Where(heard => heard.Key.Instrument == instrument).Sum(heard => heard.Value.Count);

    internal Dictionary<string, long> Counts(string instrument) =>
        _heard.Where(heard => heard.Key.Instrument == instrument).ToDictionary(heard => heard.Key.Tag, heard => heard.Value.Count);

    internal Dictionary<string, double> Sums(string instrument) =>
        _heard.Where(heard => heard.Key.Instrument == instrument).ToDictionary(heard => heard.Key.Tag, heard => heard.Value.Sum);

    /// <summary>Active calls by phase, read now, over all attributes.</summary>
    internal Dictionary<string, long> Active()
    {
        _active.Clear();
        _listener.RecordObservableInstruments();
        return new(_active);
    }

    public void Dispose() => _listener.Dispose();

    void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var tag = "";
        foreach (var (key, name) in tags)
        {
            if (key is VllmTelemetry.Attributes.ErrorType or VllmTelemetry.Attributes.TokenType or VllmTelemetry.Attributes.RequestPhase) tag = (string)name!;
        }

        if (instrument.Name == VllmTelemetry.Instruments.ActiveRequests) _active.AddOrUpdate(tag, (long)value, (_, sum) => sum + (long)value);
        else _heard.AddOrUpdate((instrument.Name, tag), (1, value), (_, sum) => (sum.Count + 1, sum.Sum + value));
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Vllm.Tests.EndToEnd.Telemetry;

/// <summary>All that the instruments of one service provider say, value by value.</summary>
sealed class HeardInstruments : IDisposable
{
    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    readonly ConcurrentQueue<(string Instrument, double Value, KeyValuePair<string, object?>[] Tags)> _heard = new();
    readonly MeterListener _listener = new();

    internal HeardInstruments()
    {
        Meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, Meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _heard.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _heard.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.Start();
    }

    internal IMeterFactory Meters { get; }

    internal double[] Values(string instrument, string? tag = null) =>
        [.. _heard.Where(heard => heard.Instrument == instrument && (tag is null || heard.Tags.Any(one => one.Value as string == tag))).Select(heard => heard.Value)];

    /// <summary>Active calls by phase, read now.</summary>
    internal Dictionary<string, double> Active()
    {
        var before = _heard.Count;
        _listener.RecordObservableInstruments();
        return _heard.Skip(before).Where(heard => heard.Instrument == VllmTelemetry.Instruments.ActiveRequests)
            .GroupBy(heard => (string)heard.Tags.Single(tag => tag.Key == VllmTelemetry.Attributes.RequestPhase).Value!)
            .ToDictionary(phase => phase.Key, phase => phase.Sum(heard => heard.Value));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }
}

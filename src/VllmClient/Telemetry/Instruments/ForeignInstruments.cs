using System.Diagnostics.Metrics;

namespace Vllm.Telemetry;

/// <summary>Tells whether another library publishes the same <c>gen_ai.client.*</c> instruments, so that calls through an adapter are not counted twice.</summary>
sealed class ForeignInstruments : IDisposable
{
    static readonly Lazy<ForeignInstruments> Shared = new(() => new ForeignInstruments());

    readonly MeterListener _listener = new();
    volatile bool _seen;

    internal ForeignInstruments()
    {
        // Looks only: a listener that enables nothing costs the other library nothing.
        _listener.InstrumentPublished = (instrument, _) =>
        {
            if (IsForeign(instrument)) _seen = true;
        };
        _listener.Start();
    }

    internal bool Seen => _seen;

    /// <summary>Whether such an instrument exists in this process.</summary>
    internal static bool InProcess() => Shared.Value.Seen;

    public void Dispose() => _listener.Dispose();

    // The OpenAI library measures its own client, never the one below an adapter.
    static bool IsForeign(Instrument instrument) =>
        instrument.Name == VllmTelemetry.Instruments.OperationDuration
        && instrument.Meter.Name != VllmTelemetry.MeterName
        && !instrument.Meter.Name.StartsWith("OpenAI.", StringComparison.Ordinal);
}

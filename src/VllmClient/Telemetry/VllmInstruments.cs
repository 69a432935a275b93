using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Vllm.Telemetry;

/// <summary>All instruments of the client. One set per meter factory, and one for the process without a factory; never disposed, because a disposed meter mutes its namesakes.</summary>
sealed class VllmInstruments
{
    static readonly ConditionalWeakTable<IMeterFactory, VllmInstruments> ByFactory = [];
    static readonly Lazy<VllmInstruments> Shared = new(() => new VllmInstruments(new Meter(Options())));

    VllmInstruments(Meter meter) => Meter = meter;

    internal Meter Meter { get; }

    internal static VllmInstruments For(IMeterFactory? factory) =>
        factory is null ? Shared.Value : ByFactory.GetValue(factory, static f => new VllmInstruments(f.Create(Options())));

    static MeterOptions Options() => new(VllmTelemetry.MeterName) { TelemetrySchemaUrl = VllmTelemetry.SchemaUrl };
}

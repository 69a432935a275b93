using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace Vllm.Tests.Benchmarks;

/// <summary>What measuring a stream of 200 chunks costs, by who listens.</summary>
[MemoryDiagnoser]
public class TelemetryBenchmarks
{
    const int Chunks = 200;

    readonly int _chunks = Chunks;
    IDisposable? _listener;
    IChatClient _ready = null!;
    IChatClient _measured = null!;

    [Params("Nobody", "MeterListener", "Sdk", "SdkConventionViews")]
    public string Listener { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _listener = TelemetryVariants.Listen(Enum.Parse<TelemetryListener>(Listener));
        _ready = TelemetryVariants.Ready(Chunks, measured: false);
        _measured = TelemetryVariants.Ready(Chunks, measured: true);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _measured.Dispose();
        _ready.Dispose();
        _listener?.Dispose();
    }

    [Benchmark(Description = "VllmClient's measurement of a call")]
    public void Call() => TelemetryVariants.Call(_chunks);

    [Benchmark(Description = "A client that is ready at once")]
    public void Ready() => TelemetryVariants.Peer(_ready);

    [Benchmark(Description = "The same with UseOpenTelemetry")]
    public void Peer() => TelemetryVariants.Peer(_measured);
}

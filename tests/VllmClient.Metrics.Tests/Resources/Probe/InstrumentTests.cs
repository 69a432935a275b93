using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vllm.Resources;

namespace Vllm.Tests.Resources;

public sealed class InstrumentTests : IDisposable
{
    readonly FakeTimeProvider _clock = new();
    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    readonly MeterListener _listener = new();
    readonly List<string> _seen = [];

    public InstrumentTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory && instrument.IsObservable) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.Start();
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    void See(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = FormattableString.Invariant($"{instrument.Name} {instrument.Unit} {value}");
        foreach (var (key, tag) in tags) text += $" {key}={tag}";
        _seen.Add(text);
    }

    ResourceProbe Probe(IResourceSource source, bool servers = false)
    {
        var options = new ResourceProbeOptions { ServerInstruments = servers };
        options.Sources.Add(source);
        return new(options, new() { TimeProvider = _clock, MeterFactory = _services.GetRequiredService<IMeterFactory>() });
    }

    List<string> Observe()
    {
        _seen.Clear();
        _listener.RecordObservableInstruments();
        return [.. _seen.Where(line => !line.StartsWith("vllm.resource.up", StringComparison.Ordinal) && !line.StartsWith("vllm.resource.sample", StringComparison.Ordinal))];
    }

    static ResourceReading Full() => new()
    {
        Process = new() { CpuTime = TimeSpan.FromSeconds(1.5), WorkingSetBytes = 100 },
        Machine = new() { CpuUtilization = 0.5, MemoryTotalBytes = 1000, MemoryAvailableBytes = 400, NetworkReceivedBytes = 7, NetworkSentBytes = 8 },
        Container = new() { CpuTime = TimeSpan.FromSeconds(2), MemoryBytes = 50, MemoryLimitBytes = 60, ThrottledTime = TimeSpan.FromSeconds(3) },
        Gpus = [new() { Id = "GPU-a", Name = "Stub", Vendor = "NVIDIA", Utilization = 0.9, MemoryUsedBytes = 5, MemoryTotalBytes = 6, PowerWatts = 70, EnergyJoules = 80, TemperatureCelsius = 60 }],
        Server = new() { Running = 1, Waiting = 2, KvCacheUtilization = 0.25, PromptTokens = 10, GenerationTokens = 20, Preemptions = 3 },
    };

    [Fact]
    public async Task Every_figure_has_its_instrument_and_its_tags()
    {
        await using var probe = Probe(new TestSource("test", "rack", Full), servers: true);
        await probe.SampleAsync(Token);

        const string Gpu = "vllm.resource.target=rack hw.id=GPU-a hw.name=Stub hw.vendor=NVIDIA hw.type=gpu";
        Observe().ShouldBe(
        [
            "process.cpu.time s 1.5 vllm.resource.target=rack",
            "process.memory.usage By 100 vllm.resource.target=rack",
            "system.cpu.utilization 1 0.5 vllm.resource.target=rack",
            "system.memory.usage By 600 vllm.resource.target=rack system.memory.state=used",
            "system.memory.usage By 400 vllm.resource.target=rack system.memory.state=available",
            "system.memory.limit By 1000 vllm.resource.target=rack",
            "system.network.io By 7 vllm.resource.target=rack network.io.direction=receive",
            "system.network.io By 8 vllm.resource.target=rack network.io.direction=transmit",
            "container.cpu.time s 2 vllm.resource.target=rack",
            "container.memory.working_set By 50 vllm.resource.target=rack",
            "vllm.resource.container.memory.limit By 60 vllm.resource.target=rack",
            "vllm.resource.container.throttled_time s 3 vllm.resource.target=rack",
            $"hw.gpu.utilization 1 0.9 {Gpu}",
            $"hw.gpu.memory.usage By 5 {Gpu}",
            $"hw.gpu.memory.limit By 6 {Gpu}",
            $"hw.power W 70 {Gpu}",
            $"hw.energy J 80 {Gpu}",
            $"hw.temperature Cel 60 {Gpu}",
            "vllm.resource.server.requests {request} 1 vllm.resource.target=rack vllm.resource.server.state=running",
            "vllm.resource.server.requests {request} 2 vllm.resource.target=rack vllm.resource.server.state=waiting",
            "vllm.resource.server.kv_cache.utilization 1 0.25 vllm.resource.target=rack",
            "vllm.resource.server.tokens {token} 10 vllm.resource.target=rack gen_ai.token.type=input",
            "vllm.resource.server.tokens {token} 20 vllm.resource.target=rack gen_ai.token.type=output",
            "vllm.resource.server.preemptions {preemption} 3 vllm.resource.target=rack",
        ],
            ignoreOrder: true);
        _seen.ShouldContain("vllm.resource.up 1 1 vllm.resource.target=rack vllm.resource.source=test");
        _seen.ShouldContain("vllm.resource.up 1 0 vllm.resource.target=app vllm.resource.source=process");
        _seen.ShouldContain("vllm.resource.sample.duration s 0 vllm.resource.target=rack vllm.resource.source=test");
    }

    [Fact]
    public async Task What_is_absent_has_no_value()
    {
        await using var probe = Probe(new TestSource("test", "rack", () => new() { Machine = new() }));
        await probe.SampleAsync(Token);

        Observe().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_servers_own_figures_are_shown_only_if_asked_for()
    {
        await using var probe = Probe(new TestSource("test", "rack", Full));
        await probe.SampleAsync(Token);

        Observe().ShouldAllBe(line => !line.StartsWith("vllm.resource.server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Old_figures_end_and_so_do_those_of_a_probe_that_is_gone()
    {
        var probe = Probe(new TestSource("test", "rack", Full));
        await probe.SampleAsync(Token);

        _clock.Advance(TimeSpan.FromSeconds(3));
        var young = Observe();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var old = Observe();
        await probe.SampleAsync(Token);
        await probe.DisposeAsync();

        young.ShouldNotBeEmpty();
        old.ShouldBeEmpty();
        Observe().ShouldBeEmpty();
        _seen.ShouldBeEmpty();
    }
}

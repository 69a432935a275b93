using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Vllm.Resources;

/// <summary>The instruments of resource probes, all of them. They show the latest sample and never read anything.</summary>
sealed class InstrumentsOfResources
{
    public const string MeterName = "VllmClient.Metrics";

    static readonly Lazy<InstrumentsOfResources> Shared = new(static () => new(new Meter(MeterName)));
    static readonly ConditionalWeakTable<IMeterFactory, InstrumentsOfResources> PerFactory = [];

    readonly Lock _sync = new();
    readonly List<ResourceProbe> _probes = [];
    readonly Meter _meter;

    InstrumentsOfResources(Meter meter)
    {
        _meter = meter;
        Processes();
        Machines();
        Containers();
        Gpus();
        Servers();
        Sources();
    }

    /// <summary>The instruments of a factory's meter, or those of the process.</summary>
    public static InstrumentsOfResources Of(IMeterFactory? factory) => factory is null
        ? Shared.Value
        : PerFactory.GetValue(factory, static f => new(f.Create(MeterName)));

    /// <summary>Shows a probe until the result is disposed.</summary>
    public IDisposable Publish(ResourceProbe probe)
    {
        lock (_sync) _probes.Add(probe);
        return new Publication(this, probe);
    }

    void Processes()
    {
        _meter.CreateObservableCounter("process.cpu.time", Read<double>(static (t, r) => r.Add(t.Process, t.Process?.CpuTime?.TotalSeconds)), "s", "Processor time used by this process.");
        _meter.CreateObservableUpDownCounter("process.memory.usage", Read<long>(static (t, r) => r.Add(t.Process, t.Process?.WorkingSetBytes)), "By", "Memory of this process in RAM.");
    }

    void Machines()
    {
        _meter.CreateObservableGauge("system.cpu.utilization", Read<double>(static (t, r) => r.Add(t.Machine, t.Machine?.CpuUtilization)), "1", "Share of the machine's processors that was busy.");
        _meter.CreateObservableUpDownCounter("system.memory.usage", Read<long>(static (t, r) =>
        {
            r.Add(t.Machine, t.Machine?.MemoryUsedBytes, ("system.memory.state", "used"));
            r.Add(t.Machine, t.Machine?.MemoryAvailableBytes, ("system.memory.state", "available"));
        }), "By", "Memory of the machine, by state.");
        _meter.CreateObservableUpDownCounter("system.memory.limit", Read<long>(static (t, r) => r.Add(t.Machine, t.Machine?.MemoryTotalBytes)), "By", "Memory of the machine in total.");
        _meter.CreateObservableCounter("system.network.io", Read<long>(static (t, r) =>
        {
            r.Add(t.Machine, t.Machine?.NetworkReceivedBytes, ("network.io.direction", "receive"));
            r.Add(t.Machine, t.Machine?.NetworkSentBytes, ("network.io.direction", "transmit"));
        }), "By", "Bytes through the machine's network devices, by direction.");
    }

    void Containers()
    {
        _meter.CreateObservableCounter("container.cpu.time", Read<double>(static (t, r) => r.Add(t.Container, t.Container?.CpuTime?.TotalSeconds)), "s", "Processor time used by the control group.");
        _meter.CreateObservableUpDownCounter("container.memory.working_set", Read<long>(static (t, r) => r.Add(t.Container, t.Container?.MemoryBytes)), "By", "Memory of the control group less inactive file cache.");
        _meter.CreateObservableUpDownCounter("vllm.resource.container.memory.limit", Read<long>(static (t, r) => r.Add(t.Container, t.Container?.MemoryLimitBytes)), "By", "Memory that the control group may use.");
        _meter.CreateObservableCounter("vllm.resource.container.throttled_time", Read<double>(static (t, r) => r.Add(t.Container, t.Container?.ThrottledTime?.TotalSeconds)), "s", "Time that the control group was stopped for by its processor limit.");
    }

    void Gpus()
    {
        _meter.CreateObservableGauge("hw.gpu.utilization", Gpu<double>(static g => g.Utilization), "1", "Share of the time with any kernel running.");
        _meter.CreateObservableUpDownCounter("hw.gpu.memory.usage", Gpu<long>(static g => g.MemoryUsedBytes), "By", "GPU memory in use.");
        _meter.CreateObservableUpDownCounter("hw.gpu.memory.limit", Gpu<long>(static g => g.MemoryTotalBytes), "By", "GPU memory in total.");
        _meter.CreateObservableGauge("hw.power", Gpu<double>(static g => g.PowerWatts), "W", "Power drawn by a GPU.");
        _meter.CreateObservableCounter("hw.energy", Gpu<double>(static g => g.EnergyJoules), "J", "Energy used by a GPU.");
        _meter.CreateObservableGauge("hw.temperature", Gpu<double>(static g => g.TemperatureCelsius), "Cel", "Temperature of a GPU.");
    }

    void Servers()
    {
        _meter.CreateObservableUpDownCounter("vllm.resource.server.requests", Server<long>(static (s, r) =>
        {
            r.Add(s, s.Running, ("vllm.resource.server.state", "running"));
            r.Add(s, s.Waiting, ("vllm.resource.server.state", "waiting"));
        }), "{request}", "Requests in the server, by state.");
        _meter.CreateObservableGauge("vllm.resource.server.kv_cache.utilization", Server<double>(static (s, r) => r.Add(s, s.KvCacheUtilization)), "1", "Share of the fullest engine's KV cache in use.");
        _meter.CreateObservableCounter("vllm.resource.server.tokens", Server<long>(static (s, r) =>
        {
            r.Add(s, s.PromptTokens, ("gen_ai.token.type", "input"));
            r.Add(s, s.GenerationTokens, ("gen_ai.token.type", "output"));
        }), "{token}", "Tokens that the server processed, by type.");
        _meter.CreateObservableCounter("vllm.resource.server.preemptions", Server<long>(static (s, r) => r.Add(s, s.Preemptions)), "{preemption}", "Requests that the server pushed back into its queue.");
    }

    void Sources()
    {
        _meter.CreateObservableGauge("vllm.resource.up", () => Statuses(static status => status.State is ResourceSourceState.Ok or ResourceSourceState.Stale ? 1 : 0), "1", "1 for a source that gives figures, else 0.");
        _meter.CreateObservableGauge("vllm.resource.sample.duration", () => Statuses(static status => status.LastDuration?.TotalSeconds), "s", "How long the last reading of a source took.");
    }

    Func<IEnumerable<Measurement<T>>> Read<T>(Action<TargetSample, Measurements<T>> read)
        where T : struct => () =>
    {
        var measurements = new Measurements<T>();
        foreach (var probe in Probes())
        {
            if (probe.Latest is not { } sample) continue;
            foreach (var target in sample.Targets)
            {
                measurements.Begin(probe, target.Name);
                read(target, measurements);
            }
        }

        return measurements.All;
    };

    Func<IEnumerable<Measurement<T>>> Server<T>(Action<ServerSample, Measurements<T>> read)
        where T : struct => Read<T>((target, measurements) =>
    {
        if (target.Server is { } server && measurements.Probe.ShowsServers) read(server, measurements);
    });

    Func<IEnumerable<Measurement<T>>> Gpu<T>(Func<GpuSample, T?> figure)
        where T : struct => Read<T>((target, measurements) =>
    {
        foreach (var gpu in target.Gpus ?? [])
            measurements.Add(gpu, figure(gpu), ("hw.id", gpu.Id), ("hw.name", gpu.Name), ("hw.vendor", gpu.Vendor), ("hw.type", "gpu"));
    });

    List<Measurement<double>> Statuses(Func<ResourceSourceStatus, double?> figure)
    {
        var measurements = new List<Measurement<double>>();
        foreach (var probe in Probes())
        {
            if (probe.Latest is null) continue;
            foreach (var status in probe.Sources)
                if (figure(status) is { } value) measurements.Add(new(value, new("vllm.resource.target", status.Target), new("vllm.resource.source", status.Name)));
        }

        return measurements;
    }

    ResourceProbe[] Probes()
    {
        lock (_sync) return [.. _probes];
    }

    sealed class Publication(InstrumentsOfResources instruments, ResourceProbe probe) : IDisposable
    {
        public void Dispose()
        {
            lock (instruments._sync) instruments._probes.Remove(probe);
        }
    }
}

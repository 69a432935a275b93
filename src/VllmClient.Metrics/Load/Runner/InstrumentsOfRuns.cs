using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Vllm.Load;

/// <summary>The instruments of load runs, all of them; turns are counted where they happen and read here.</summary>
sealed class InstrumentsOfRuns
{
    public const string MeterName = "VllmClient.Metrics";

    static readonly Lazy<InstrumentsOfRuns> Shared = new(static () => new(new Meter(MeterName)));
    static readonly ConditionalWeakTable<IMeterFactory, InstrumentsOfRuns> PerFactory = [];

    readonly Lock _sync = new();
    readonly List<Director> _runs = [];

    InstrumentsOfRuns(Meter meter)
    {
        Counter(meter, "offered", "Turns due.", r => Each(r, c => c.Offered));
        Counter(meter, "started", "Turns begun.", r => Each(r, c => c.Started));
        Counter(meter, "completed", "Turns completed.", r => Each(r, c => c[TurnOutcome.Completed]));
        Counter(meter, "failed", "Turns failed.", r => Each(r, c => c[TurnOutcome.Failed]));
        Counter(meter, "dropped", "Turns due and never begun.", r => Each(r, c => c[TurnOutcome.Dropped]));
        Counter(meter, "abandoned", "Turns given up by the plan's simulated client.", r => Each(r, c => c[TurnOutcome.Abandoned]));
        Counter(meter, "cut_off", "Turns still running when the drain ended or the run was stopped.", r => Each(r, c => c[TurnOutcome.CutOff]));
        Gauge(meter, "in_flight", "{turn}", "Turns running.", r => r.Run.InFlight);
        Gauge(meter, "backlog", "{turn}", "Turns due and not begun.", r => r.Run.Backlog);
        Gauge(meter, "target.users", "{user}", "Users of the phase that is running.", r => r.Current?.Phase is UsersPhase users ? users.Count : null);
        Gauge(meter, "target.rate", "{turn}/s", "Turns per second of the phase that is running.", r => r.Current?.Phase is RatePhase rate ? rate.PerSecond : null);
    }

    /// <summary>The instruments of a factory's meter, or those of the process.</summary>
    public static InstrumentsOfRuns Of(IMeterFactory? factory) => factory is null
        ? Shared.Value
        : PerFactory.GetValue(factory, static f => new(f.Create(MeterName)));

    /// <summary>Shows a run until the result is disposed.</summary>
    public IDisposable Publish(Director director)
    {
        lock (_sync) _runs.Add(director);
        return new Publication(this, director);
    }

    void Counter(Meter meter, string name, string description, Func<Director, IEnumerable<Measurement<long>>> read) =>
        meter.CreateObservableCounter($"vllm.load.{name}", () => Runs().SelectMany(read), "{turn}", description);

    void Gauge(Meter meter, string name, string unit, string description, Func<Director, double?> read) => meter.CreateObservableGauge(
        $"vllm.load.{name}",
        () => Runs().Where(r => r.Current is not null && read(r) is not null).Select(r => new Measurement<double>(read(r) ?? 0, Tags(r.Run, r.Current?.Name ?? PhaseNames.Drain))),
        unit,
        description);

    static IEnumerable<Measurement<long>> Each(Director director, Func<TurnCounters, long> count) =>
        director.Run.Phases.Where(p => p.Start >= 0).Select(p => new Measurement<long>(count(p.Counters), Tags(director.Run, p.Name)));

    static KeyValuePair<string, object?>[] Tags(LoadRun run, string phase) => [new("vllm.load.plan", run.Plan.Name), new("vllm.load.phase", phase)];

    Director[] Runs()
    {
        lock (_sync) return [.. _runs];
    }

    sealed class Publication(InstrumentsOfRuns instruments, Director director) : IDisposable
    {
        public void Dispose()
        {
            lock (instruments._sync) instruments._runs.Remove(director);
        }
    }
}

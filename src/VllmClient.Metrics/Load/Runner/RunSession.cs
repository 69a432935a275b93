using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Vllm.Load;

/// <summary>One run from the first look at the server to the report.</summary>
sealed class RunSession(LoadPlan plan, LoadWork work, TimeProvider clock, ILogger logger, Func<RunResources> watch) : IDisposable
{
    readonly Lock _sync = new();
    readonly CancellationTokenSource _early = new();
    Director? _director;
    RunEnd? _requested;

    /// <summary>Asks for an early end, at whatever stage the run is.</summary>
    public void Request(RunEnd end)
    {
        Director? director;
        lock (_sync)
        {
            if (_requested is null || end > _requested) _requested = end;
            director = _director;
        }

        director?.RequestEnd(end);
        if (director is null) _early.Cancel();
    }

    public async Task<LoadReport> RunAsync(IProgress<LoadSnapshot>? progress, InstrumentsOfRuns instruments)
    {
        var isReal = ReferenceEquals(clock, TimeProvider.System);
        var resources = watch();
        await using var watching = resources.ConfigureAwait(false);
        var (model, version, step) = await PrepareAsync(isReal, resources).ConfigureAwait(false);
        var director = new Director(plan, work, new RunClock(clock), RunId(isReal));
        using var run = director.Run;
        lock (_sync) _director = director;
        if (_requested is { } requested) director.RequestEnd(requested);
        using var published = instruments.Publish(director);
        LoadLog.Started(logger, plan.Name, plan.Phases.Count, plan.Seed);
        await DriveAsync(director, new RunProgress(director, progress, logger), isReal).ConfigureAwait(false);
        if (run.HasForeignClock) throw new InvalidOperationException("The client's TimeProvider is not the load runner's. Give both the same one, else their times cannot be compared.");
        var facts = FactsReader.Read(director, run.Clock.Now);
        var report = ReportBuilder.Build(facts with
        {
            Resources = await resources.StopAsync().ConfigureAwait(false) is { } timeline ? new(timeline, run.Clock) : null,
            Health = facts.Health with { PacerStep = step },
            Environment = EnvironmentOf(run.Model ?? model, version),
        });
        LoadLog.Ended(logger, plan.Name, report.End, report.Verdict);
        return report;
    }

    public void Dispose() => _early.Dispose();

    static async Task DriveAsync(Director director, RunProgress progress, bool isReal)
    {
        if (isReal)
        {
            await new Pacer(director, progress).RunAsync().ConfigureAwait(false);
            return;
        }

        using var driver = new VirtualDriver(director, progress);
        await driver.RunAsync().ConfigureAwait(false);
    }

    async Task<(string? Model, string? Version, TimeSpan? Step)> PrepareAsync(bool isReal, RunResources resources)
    {
        try
        {
            var (model, version) = await ServerPreparation.ReadyAsync(work.Client, plan, _early.Token).ConfigureAwait(false);
            await resources.StartAsync(_early.Token).ConfigureAwait(false);
            if (!isReal) return (model, version, null);
            if (work.Client is { } client) await ServerPreparation.ConnectAsync(client, plan, _early.Token).ConfigureAwait(false);
            var step = await Task.Factory.StartNew(() => Pacer.TrialStep(new RunClock(clock)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            GC.Collect();
            return (model, version, step);
        }
        catch (OperationCanceledException) when (_early.IsCancellationRequested)
        {
            // Asked to end before it began: the report will say that no turn ended.
            return default;
        }
    }

    // Two runs of one plan may share a server, so real ids differ; on virtual time two runs must be equal.
    ulong RunId(bool isReal)
    {
        if (!isReal) return new LoadRandom(plan.Seed, RandomPurpose.Run, 0).NextUInt64();
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    RunEnvironment EnvironmentOf(string? model, string? version) => new()
    {
        Library = typeof(RunSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
        Runtime = RuntimeInformation.FrameworkDescription,
        Os = RuntimeInformation.OSDescription,
        Cores = Environment.ProcessorCount,
        PoolSpinLimit = int.TryParse(AppContext.GetData("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit")?.ToString(), out var limit) ? limit : null,
        ServerUrl = ServerPreparation.UrlOf(work.Client),
        Endpoint = work.Endpoint,
        Model = model,
        ServerVersion = version,
        Cache = plan.Cache,
    };
}

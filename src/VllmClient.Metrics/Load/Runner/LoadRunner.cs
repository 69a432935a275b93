using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Vllm.Load;

/// <summary>Runs load plans, one at a time. Disposing it cancels the run that is going on and waits for its end.</summary>
/// <remarks>Where one run is all that is needed, as in a test, <see cref="LoadTest"/> does it in one line.</remarks>
public sealed class LoadRunner : IAsyncDisposable
{
    readonly TimeProvider _clock;
    readonly LoadRunnerServices? _services;
    readonly ILogger _logger;
    readonly InstrumentsOfRuns _instruments;
    RunSession? _session;
    TaskCompletionSource? _ended;
    int _isDisposed;

    /// <summary>Creates a runner.</summary>
    /// <param name="services">Clock, meter, logs and probe; null takes the system's clock, a meter for the process, no logs and a probe for each run.</param>
    /// <exception cref="ArgumentException">The probe has another clock.</exception>
    public LoadRunner(LoadRunnerServices? services = null)
    {
        _services = services;
        _clock = services?.TimeProvider ?? TimeProvider.System;
        _logger = services?.LoggerFactory?.CreateLogger(InstrumentsOfRuns.MeterName) ?? NullLogger.Instance;
        _instruments = InstrumentsOfRuns.Of(services?.MeterFactory);
        if (services?.ResourceProbe is { } probe && probe.Clock != _clock) throw new ArgumentException("The probe's TimeProvider is not the load runner's. Give both the same one, else its samples cannot be put beside the turns.", nameof(services));
    }

    /// <summary>Runs a plan.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="work">What each turn does.</param>
    /// <param name="progress">Told once a second how it goes; null: nobody is.</param>
    /// <param name="cancellationToken">Cancels the run; its partial report is in the exception.</param>
    /// <exception cref="LoadPlanException">The plan cannot run.</exception>
    /// <exception cref="LoadCancelledException"><paramref name="cancellationToken"/> fired, or the runner was disposed.</exception>
    /// <exception cref="VllmException">The server did not get ready.</exception>
    /// <exception cref="InvalidOperationException">Another run is going on, or the work's client has another clock.</exception>
    /// <exception cref="ObjectDisposedException">The runner is disposed.</exception>
    public async Task<LoadReport> RunAsync(LoadPlan plan, LoadWork work, IProgress<LoadSnapshot>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        var errors = plan.Validate();
        if (errors.Count > 0) throw new LoadPlanException(errors);
        using var session = new RunSession(plan, work, _clock, _logger, () => new(_services?.ResourceProbe, work.Client, _clock, _services?.LoggerFactory));
        if (Interlocked.CompareExchange(ref _session, session, null) is not null) throw new InvalidOperationException("This runner is running already. Await that run, or use another runner.");
        // Nobody but DisposeAsync waits for it, so its continuations may run where they are.
        var ended = _ended = new TaskCompletionSource();
        try
        {
            using var registration = cancellationToken.UnsafeRegister(static s => ((RunSession)s!).Request(RunEnd.Cancelled), session);
            if (Volatile.Read(ref _isDisposed) != 0) session.Request(RunEnd.Cancelled);
            var report = await session.RunAsync(progress, _instruments).ConfigureAwait(false);
            if (report.End == RunEnd.Cancelled) throw new LoadCancelledException(report, cancellationToken);
            return report;
        }
        finally
        {
            Volatile.Write(ref _session, null);
            ended.TrySetResult();
        }
    }

    /// <summary>Runs a plan with the caller's own work.</summary>
    /// <inheritdoc cref="RunAsync(LoadPlan, LoadWork, IProgress{LoadSnapshot}?, CancellationToken)"/>
    public Task<LoadReport> RunAsync(LoadPlan plan, Func<LoadTurn, CancellationToken, Task> work, IProgress<LoadSnapshot>? progress = null, CancellationToken cancellationToken = default) =>
        RunAsync(plan, LoadWork.From(work), progress, cancellationToken);

    /// <summary>Runs a plan without telling anybody how it goes.</summary>
    /// <inheritdoc cref="RunAsync(LoadPlan, LoadWork, IProgress{LoadSnapshot}?, CancellationToken)"/>
    public Task<LoadReport> RunAsync(LoadPlan plan, LoadWork work, CancellationToken cancellationToken) => RunAsync(plan, work, null, cancellationToken);

    /// <summary>Runs a plan with the caller's own work, without telling anybody how it goes.</summary>
    /// <inheritdoc cref="RunAsync(LoadPlan, LoadWork, IProgress{LoadSnapshot}?, CancellationToken)"/>
    public Task<LoadReport> RunAsync(LoadPlan plan, Func<LoadTurn, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        RunAsync(plan, LoadWork.From(work), null, cancellationToken);

    /// <summary>Ends the run early: nothing new is sent, and running turns get up to 5 seconds. The run returns a partial report. Does nothing if none is going on.</summary>
    public void Stop() => Volatile.Read(ref _session)?.Request(RunEnd.Stopped);

    /// <summary>Cancels the run that is going on, if any, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _isDisposed, 1);
        if (Volatile.Read(ref _session) is not { } session) return;
        session.Request(RunEnd.Cancelled);
        if (_ended is { } ended) await ended.Task.ConfigureAwait(false);
    }
}

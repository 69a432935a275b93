using Microsoft.Extensions.Logging;

namespace Vllm.Resources;

/// <summary>One source within the probe: when it is read, what it gave last, and how it is doing. Used by one tick at a time.</summary>
sealed class SourceSlot
{
    static readonly TimeSpan LocalTimeout = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan RemoteTimeout = TimeSpan.FromSeconds(2);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    readonly IResourceSource _source;
    readonly SourceKind _kind;
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly RatedReading _readings;
    readonly Freshness _freshness;
    Task<(ResourceReading? Reading, string? Failure)>? _running;
    long? _nextTry;
    long _started;
    int _inVain;
    readonly string _name;
    bool _known;
    bool _givenUp;
    string? _reason = "not read yet";
    long _since;
    long _samples;
    long _failures;
    long _skipped;
    long _skippedLines;
    long _lastTicks = -1;

    public SourceSlot(IResourceSource source, SourceKind kind, TimeProvider clock, ILogger logger)
    {
        (_source, _kind, _clock, _logger) = (source, kind, clock, logger);
        _readings = new(source.Name, clock);
        _freshness = new(clock);
        (_name, Target, _since) = (source.Name, source.Target, clock.GetTimestamp());
    }

    public bool IsRemote => _kind.IsRemote;

    public string Target { get; }

    public ResourceSourceState State { get; private set; } = ResourceSourceState.Absent;

    /// <summary>How the source is doing, put together only for those who ask.</summary>
    public ResourceSourceStatus Status => new()
    {
        Name = _name,
        Target = Target,
        State = State,
        Reason = _reason,
        Since = _since,
        Samples = _samples,
        Failures = _failures,
        Skipped = _skipped,
        SkippedLines = _skippedLines,
        LastDuration = _lastTicks < 0 ? null : TimeSpan.FromTicks(_lastTicks),
    };

    /// <summary>What the source gave last, with rates; null after a reading that failed.</summary>
    public RatedParts? Current { get; private set; }

    /// <summary>Whether a tick should read the source. Ticks are counted from the probe's start.</summary>
    public bool IsDue(long tick, long now, TimeSpan interval, TimeSpan remoteInterval)
    {
        if (_running is not null) return true;
        if (_nextTry is { } next && now < next) return false;
        var wanted = _kind.IsRemote && remoteInterval > interval ? remoteInterval : interval;
        if (_kind.Least > wanted) wanted = _kind.Least;
        var every = Math.Max(1, (long)Math.Ceiling(wanted / interval));
        return Current is null || (tick + _kind.Offset) % every == 0;
    }

    /// <summary>Reads the source, or looks after a reading that still runs. Never throws but for the probe's own end.</summary>
    /// <param name="interval">Time between two readings of its kind.</param>
    /// <param name="hurry">How long a tick may wait for a server; null: as long as that may take.</param>
    /// <param name="stopping">The probe's own end.</param>
    public async ValueTask ReadAsync(TimeSpan interval, TimeSpan? hurry, CancellationToken stopping)
    {
        var timeout = _kind.IsRemote ? RemoteTimeout : _kind.Timeout ?? LocalTimeout;
        // One that was given up has nothing to say any more.
        if (_givenUp && _running is { IsCompleted: true }) _running = null;
        if (_running is null)
        {
            _givenUp = false;
            _started = _clock.GetTimestamp();
            var run = RunAsync(timeout, stopping);
            if (run.IsCompletedSuccessfully)
            {
                Take(await run.ConfigureAwait(false), _clock.GetElapsedTime(_started), interval);
                return;
            }

            _running = run.AsTask();
        }
        else if (!_running.IsCompleted) _skipped++;

        if (!_running.IsCompleted) await WaitAsync(_running, hurry, stopping).ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();
        var duration = _clock.GetElapsedTime(_started);
        if (!_running.IsCompleted)
        {
            // A reading that takes longer than a tick, but not longer than it may, leaves everything as it was.
            if (duration < timeout || _givenUp) return;
            _givenUp = true;
            Failed(FormattableString.Invariant($"no answer within {timeout.TotalSeconds:0.###} s"), duration);
            return;
        }

        var outcome = await _running.ConfigureAwait(false);
        _running = null;
        Take(outcome, duration, interval);
    }

    void Take((ResourceReading? Reading, string? Failure) outcome, TimeSpan duration, TimeSpan interval)
    {
        var (reading, failure) = outcome;
        if (failure is not null) Failed(failure, duration);
        else if (reading is null || reading.AbsentReason is not null) Absent(reading?.AbsentReason ?? "it gave nothing", duration);
        else Took(reading, _clock.GetTimestamp(), duration, interval);
    }

    // One that is past its time already is not waited for again.
    async ValueTask WaitAsync(Task running, TimeSpan? hurry, CancellationToken stopping)
    {
        var patience = !_kind.IsRemote ? LocalTimeout : hurry < RemoteTimeout ? hurry.Value : RemoteTimeout;
        if (_clock.GetElapsedTime(_started) is var passed && passed >= patience) return;
        try
        {
            await running.WaitAsync(patience - passed, _clock, stopping).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What that means is decided by how long the reading may take.
        }
    }

    async ValueTask<(ResourceReading? Reading, string? Failure)> RunAsync(TimeSpan timeout, CancellationToken stopping)
    {
        try
        {
            if (_kind.IsTrusted) return (await _source.ReadAsync(stopping).ConfigureAwait(false), null);
            using var limit = new CancellationTokenSource(timeout, _clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
            try
            {
                // Someone else's code may block; it must not hold up the others.
                return (_kind.IsForeign
                    ? await Task.Run(() => _source.ReadAsync(both.Token).AsTask(), both.Token).ConfigureAwait(false)
                    : await _source.ReadAsync(both.Token).ConfigureAwait(false), null);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                return (null, FormattableString.Invariant($"no answer within {timeout.TotalSeconds:0.###} s"));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return (null, "the probe stopped");
        }
#pragma warning disable CA1031 // Whatever a source throws, it is that source's failure and nobody else's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            // The words of a library about a request may hold its URL.
            return (null, _kind.IsRemote && error is not SourceFailure ? error.GetType().Name : error.Message);
        }
    }

    void Took(ResourceReading reading, long now, TimeSpan duration, TimeSpan interval)
    {
        var stamp = reading.Timestamp ?? now;
        TimeSpan? pause;
        try
        {
            Current = _readings.Take(reading, stamp);
            pause = _kind.IsRemote ? _freshness.Take(reading.Gpus, stamp, interval) : null;
        }
#pragma warning disable CA1031 // A reading is a source's own too, down to the list of its GPUs.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Failed(error.Message, duration);
            return;
        }

        (_inVain, _nextTry) = (0, null);
        _samples++;
        _skippedLines += reading.SkippedLines;
        _lastTicks = duration.Ticks;
        if (pause is not { } longest) Become(ResourceSourceState.Ok, null);
        else if (State != ResourceSourceState.Stale)
            Become(ResourceSourceState.Stale, FormattableString.Invariant($"its figures are renewed only every {longest.TotalSeconds:0} s or so; start dcgm-exporter with -c 1000 for every second"));
    }

    void Absent(string reason, TimeSpan duration)
    {
        Wait(_kind.IsRemote ? TimeSpan.FromSeconds(1) : LongestPause);
        _lastTicks = duration.Ticks;
        Become(ResourceSourceState.Absent, reason);
    }

    void Failed(string reason, TimeSpan duration)
    {
        Wait(TimeSpan.FromSeconds(1));
        _failures++;
        _lastTicks = duration.Ticks;
        Become(ResourceSourceState.Failing, reason);
    }

    void Wait(TimeSpan first)
    {
        Current = null;
        var pause = first * Math.Pow(2, Math.Min(_inVain++, 10));
        if (pause > LongestPause) pause = LongestPause;
        _nextTry = _clock.GetTimestamp() + (long)(pause.TotalSeconds * _clock.TimestampFrequency);
    }

    void Become(ResourceSourceState state, string? reason)
    {
        var changed = !_known || State != state;
        (_known, State, _reason) = (true, state, reason);
        if (!changed) return;
        _since = _clock.GetTimestamp();
        switch (state)
        {
            case ResourceSourceState.Absent: ProbeLog.Absent(_logger, _name, Target, reason ?? ""); break;
            case ResourceSourceState.Failing: ProbeLog.Failing(_logger, _name, Target, reason ?? ""); break;
            case ResourceSourceState.Stale: ProbeLog.Slow(_logger, _name, Target, reason ?? ""); break;
            default: ProbeLog.Ok(_logger, _name, Target); break;
        }
    }
}

using System.Collections.Concurrent;

namespace Vllm.Load;

/// <summary>One run: the turns that are due, waiting and running. <see cref="Director"/> decides what is due; this starts it, counts it and records it.</summary>
sealed class LoadRun : IDisposable
{
    readonly CancellationTokenSource _cut = new();
    readonly ConcurrentQueue<TurnContext> _queue = new();
    readonly ThreadLocal<TurnLog> _logs = new(static () => new TurnLog(), trackAllValues: true);
    readonly ErrorKinds _errors = new();
    readonly RunningTurns _running = new();
    long _inFlight;
    long _open;
    long _lateCalls;
    int _foreignClock;
    int _clockThread;
    volatile bool _isClosed;
    volatile bool _isDrainOver;
    volatile bool _hopped;
    volatile string? _lastError;

    public LoadRun(LoadPlan plan, LoadWork work, RunClock clock, ulong id)
    {
        (Plan, Work, Clock, Id) = (plan, work, clock, id);
        Guard = new BlockingGuard(clock);
        Phases = RunPhases.Of(plan);
    }

    public LoadPlan Plan { get; }

    public LoadWork Work { get; }

    public RunClock Clock { get; }

    /// <summary>First half of every request id.</summary>
    public ulong Id { get; }

    /// <summary>The warm-up, if there is one, and the measured phases.</summary>
    public IReadOnlyList<RunPhase> Phases { get; }

    public BlockingGuard Guard { get; }

    public ErrorKinds Errors => _errors;

    /// <summary>Fires when running turns must end.</summary>
    public CancellationToken CutToken => _cut.Token;

    /// <summary>The model of the first answer that named one.</summary>
    public string? Model { get; set; }

    /// <summary>Called when a turn has ended; returns the next turn to run on this thread, if there is one.</summary>
    public required Func<TurnContext, TurnContext?> Ended { get; init; }

    /// <summary>Called when an ended turn is no longer counted as open.</summary>
    public required Action Settled { get; init; }

    public long InFlight => Interlocked.Read(ref _inFlight);

    /// <summary>Turns due that are not recorded yet.</summary>
    public long Open => Interlocked.Read(ref _open);

    public long Backlog => _queue.Count;

    /// <summary>Turns that were due when the run was stopped and never begun; the director's thread adds them.</summary>
    public List<TurnRecord> LeftOver { get; } = [];

    /// <summary>Whether turns are cut off because the time to drain is over, and not because the run was stopped.</summary>
    public bool IsDrainOver => _isDrainOver;

    public long LateCalls => Interlocked.Read(ref _lateCalls);

    public bool HasForeignClock => Volatile.Read(ref _foreignClock) != 0;

    public string? LastError => _lastError;

    /// <summary>On virtual time: whether every stamp was taken on the thread that drives the clock.</summary>
    public bool? IsDeterministic => Clock.IsReal ? null : !_hopped;

    /// <summary>What the threads recorded.</summary>
    public IList<TurnLog> Logs => _logs.Values;

    /// <summary>A turn is due. Must come before anything that lets the run end.</summary>
    public void Offer(RunPhase phase)
    {
        Interlocked.Increment(ref _open);
        phase.Counters.Offer();
    }

    /// <summary>Announces a turn that may or may not be due, so that the run cannot end meanwhile.</summary>
    public void Hold() => Interlocked.Increment(ref _open);

    /// <summary>Takes back <see cref="Hold"/>.</summary>
    public void Unhold() => Interlocked.Decrement(ref _open);

    /// <summary>Takes a turn that is due.</summary>
    /// <returns>The turn to run now on this thread, which may be an older one; null if none may.</returns>
    public TurnContext? Submit(TurnContext turn)
    {
        if (_queue.IsEmpty && TryEnter()) return turn;
        if (Plan.WhenFull == InFlightOverflow.Drop)
        {
            Drop(turn, NeverBegun(turn, null));
            return null;
        }

        turn.QueuedAt = Clock.Now;
        _queue.Enqueue(turn);
        return TakeQueued();
    }

    /// <summary>Runs a turn, and on this thread whatever follows from its end.</summary>
    public async Task RunAsync(TurnContext first)
    {
        for (var turn = first; turn is not null;)
        {
            await turn.ExecuteAsync().ConfigureAwait(false);
            Interlocked.Decrement(ref _inFlight);
            var next = Ended(turn);
            Interlocked.Decrement(ref _open);
            Settled();
            turn = next ?? TakeQueued();
        }
    }

    /// <summary>The head of the queue, if it may run now.</summary>
    public TurnContext? TakeQueued()
    {
        while (!_isClosed && !_queue.IsEmpty)
        {
            if (!TryEnter()) return null;
            if (_queue.TryDequeue(out var head)) return head;
            Interlocked.Decrement(ref _inFlight);
        }

        return null;
    }

    /// <summary>The run was stopped: starts nothing any more, and what waits is left over.</summary>
    public void CloseQueue(long now)
    {
        _isClosed = true;
        while (_queue.TryDequeue(out var turn))
        {
            LeftOver.Add(NeverBegun(turn, now));
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>The time to drain is over: what waits is dropped, and the running turns are cancelled.</summary>
    public void EndDrain(long now)
    {
        _isClosed = true;
        _isDrainOver = true;
        while (_queue.TryDequeue(out var turn)) Drop(turn, NeverBegun(turn, now));
        _cut.Cancel();
    }

    /// <summary>The run was stopped and its time of grace is over: cancels the running turns.</summary>
    public void Cut(long now)
    {
        CloseQueue(now);
        _cut.Cancel();
    }

    /// <summary>Records the turns that did not heed the cancellation.</summary>
    public void GiveUpRunning()
    {
        foreach (var turn in _running.All()) turn.GiveUp();
    }

    public void Begin(TurnContext turn)
    {
        CheckThread();
        turn.Begun = Clock.Now;
        turn.Phase.Counters.Start();
        _running.Add(turn);
    }

    public void Record(TurnContext turn, TurnRecord record, IReadOnlyList<CallTrace> calls, ForeignTrace? foreign, string? errorType)
    {
        _running.Remove(turn);
        var log = _logs.Value!;
        if (errorType is not null)
        {
            record = record with { ErrorIndex = _errors.NumberOf(record.Phase, errorType) };
            _lastError = errorType;
        }

        if (record.Outcome == TurnOutcome.Completed)
        {
            log.AddGaps(record.Phase, foreign is { Chunks: > 0 } ? System.Runtime.InteropServices.CollectionsMarshal.AsSpan(foreign.Gaps) : TurnSummary.Answer(calls) is { } answer ? answer.Gaps : default);
            if (!turn.Phase.IsWarmUp && TurnFigures.DurationFromDue(record) is { } duration) log.AddSlow(duration, record, turn.TraceId);
        }

        if (!turn.Phase.IsWarmUp)
        {
            foreach (var call in calls) log.AddCall(TurnSummary.Sample(call));
        }

        log.Add(record);
        turn.Phase.Counters.End(record.Outcome);
    }

    public void FailForeignClock() => Volatile.Write(ref _foreignClock, 1);

    public void CountLateCall() => Interlocked.Increment(ref _lateCalls);

    /// <summary>On virtual time: this thread drives the clock.</summary>
    public void OwnThread() => Volatile.Write(ref _clockThread, Environment.CurrentManagedThreadId);

    /// <summary>Notes whether a stamp is taken on another thread than the one that drives a virtual clock.</summary>
    public void CheckThread()
    {
        if (Clock.IsReal || _hopped) return;
        if (Environment.CurrentManagedThreadId != Volatile.Read(ref _clockThread)) _hopped = true;
    }

    public void Dispose()
    {
        _cut.Dispose();
        _logs.Dispose();
    }

    void Drop(TurnContext turn, in TurnRecord record)
    {
        _logs.Value!.Add(record);
        turn.Phase.Counters.End(TurnOutcome.Dropped);
        Interlocked.Decrement(ref _open);
    }

    static TurnRecord NeverBegun(TurnContext turn, long? until) => new()
    {
        Index = turn.Index,
        Due = turn.Due,
        Phase = turn.Phase.Index,
        User = turn.User,
        Outcome = TurnOutcome.Dropped,
        CeilingWait = until - turn.Due,
    };

    bool TryEnter()
    {
        var seen = Interlocked.Read(ref _inFlight);
        while (seen < Plan.MaxInFlight)
        {
            var before = Interlocked.CompareExchange(ref _inFlight, seen + 1, seen);
            if (before == seen) return true;
            seen = before;
        }

        return false;
    }
}

namespace Vllm.Load;

/// <summary>One turn while it runs: observes its calls, takes what foreign work reports, and becomes a record at its end.</summary>
sealed class TurnContext : VllmCallObserver
{
    readonly Lock _sync = new();
    CallTrace? _call;
    List<CallTrace>? _furtherCalls;
    ForeignTrace? _foreign;
    string? _failure;
    int _closed;

    public TurnContext(LoadRun run, RunPhase phase, long index, int? user, long due)
    {
        (Run, Phase, Index, User, Due) = (run, phase, index, user, due);
        Turn = new LoadTurn(this);
    }

    public LoadRun Run { get; }

    public RunPhase Phase { get; }

    public long Index { get; }

    public int? User { get; }

    public long Due { get; }

    public LoadTurn Turn { get; }

    public string? StepName { get; set; }

    /// <summary>When it began to wait for the ceiling; -1 if it did not.</summary>
    public long QueuedAt { get; set; } = -1;

    public long Begun { get; set; } = -1;

    public long Ended { get; private set; } = -1;

    public string? TraceId { get; private set; }

    /// <summary>Neighbours in the list of running turns.</summary>
    public TurnContext? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public TurnContext? Next { get; set; }

    /// <summary>16 hex digits of the run and 16 of the turn; the warm-up's have their first bit set.</summary>
    public string RequestId => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Run.Id:x16}{(Phase.IsWarmUp ? ~Index : Index):x16}");

    public override void OnSent(in CallSent sent)
    {
        if (IsLate()) return;
        TraceId ??= System.Diagnostics.Activity.Current?.TraceId.ToHexString();
        Find(sent.CallId).OnSent(Run.Clock.At(sent.Timestamp));
    }

    public override void OnContent(in ContentArrival arrival)
    {
        if (IsLate()) return;
        Find(arrival.CallId).OnContent(arrival, Run.Clock.At(arrival.Timestamp));
    }

    public override void OnEnded(in VllmCallSummary summary)
    {
        if (IsLate()) return;
        if (!ReferenceEquals(summary.Clock, Run.Clock.Provider)) Run.FailForeignClock();
        var started = Run.Clock.At(summary.StartedTimestamp);
        Find(summary.CallId).OnEnded(summary, started, Run.Clock.At(summary.EndedTimestamp));
        if (summary.ResponseModel is { } model) Run.Model ??= model;
    }

    /// <summary>Foreign work has a piece of its answer.</summary>
    public void Arrived(int tokens, bool isFirst)
    {
        if (!IsLate()) Foreign().Arrived(Run.Clock.Now, tokens, isFirst);
    }

    /// <summary>Foreign work knows its token counts.</summary>
    public void Reported(int input, int output, int? cached)
    {
        if (!IsLate()) Foreign().Reported(input, output, cached);
    }

    /// <summary>The work calls the turn a failure; the first word counts.</summary>
    public void FailedAs(string errorType)
    {
        if (!IsLate()) _failure ??= errorType;
    }

    /// <summary>Runs the work and records how it went. Never throws.</summary>
    public async Task ExecuteAsync()
    {
        Run.Begin(this);
        using var limit = Run.Plan.TurnTimeout is { } timeout ? new TurnLimit(timeout, Run) : null;
        Exception? error = null;
        try
        {
            await Call(limit?.Token ?? Run.CutToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            error = e;
        }

        Finish(error, limit?.HasPassed ?? false);
    }

    /// <summary>Records a turn whose work did not even end when it was cancelled.</summary>
    public void GiveUp() => CutOff();

    Task Call(CancellationToken cancellationToken)
    {
        using var scope = Use(this);
        var watch = Run.Guard.Begin(Phase.IsWarmUp);
        var task = Run.Work.RunAsync(Turn, cancellationToken);
        Run.Guard.End(watch);
        return task;
    }

    void Finish(Exception? error, bool timedOut)
    {
        // Work may swallow its cancellation or dress it up as another error: a turn that still ran when it was cut off never ended by itself.
        if (Run.CutToken.IsCancellationRequested) CutOff();
        else if (_failure is { } failure) Close(TurnOutcome.Failed, failure);
        else if (error is null) Close(TurnOutcome.Completed, null);
        else if (error is OperationCanceledException && timedOut) Close(TurnOutcome.Failed, ErrorKinds.TurnTimeout);
        else Close(TurnOutcome.Failed, ErrorTypeOf(error));
    }

    void CutOff() => Close(TurnOutcome.CutOff, Run.IsDrainOver ? ErrorKinds.DrainOver : null);

    void Close(TurnOutcome outcome, string? errorType)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        Run.CheckThread();
        Ended = Run.Clock.Now;
        CallTrace[] calls;
        lock (_sync) calls = _call is null ? [] : _furtherCalls is null ? [_call] : [_call, .. _furtherCalls];
        Run.Record(this, TurnSummary.Of(this, calls, _foreign, outcome), calls, _foreign, errorType);
        foreach (var call in calls) call.Release();
    }

    string ErrorTypeOf(Exception error)
    {
        lock (_sync)
        {
            if (_call is null) return VllmTelemetry.ErrorTypes.Other;
            var calls = (IEnumerable<CallTrace>)[_call, .. _furtherCalls ?? []];
            return (calls.FirstOrDefault(c => ReferenceEquals(c.Error, error)) ?? calls.LastOrDefault(c => c.ErrorType is not null))?.ErrorType
                ?? VllmTelemetry.ErrorTypes.Other;
        }
    }

    bool IsLate()
    {
        Run.CheckThread();
        if (Volatile.Read(ref _closed) == 0) return false;
        Run.CountLateCall();
        return true;
    }

    ForeignTrace Foreign()
    {
        lock (_sync) return _foreign ??= new();
    }

    CallTrace Find(long callId)
    {
        // Nearly every turn makes one call, which needs no lock once it is there.
        if (_call is { } only && only.CallId == callId) return only;
        lock (_sync)
        {
            if (_call is null) return _call = new(callId, StepName);
            if (_call.CallId == callId) return _call;
            _furtherCalls ??= [];
            foreach (var known in _furtherCalls)
            {
                if (known.CallId == callId) return known;
            }

            var call = new CallTrace(callId, StepName);
            _furtherCalls.Add(call);
            return call;
        }
    }
}

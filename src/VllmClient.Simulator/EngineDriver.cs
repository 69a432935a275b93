using Vllm.Simulator.Engine;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator;

/// <summary>Carries calls through their stages and the engine through its steps, on one timer.</summary>
sealed class EngineDriver : IAsyncDisposable
{
    // Chunks that an unpaced answer is made ahead of its reader.
    const int Ahead = 64;

    readonly TimeProvider _time;
    readonly long _start;
    readonly BatchEngine _engine;
    readonly PriorityQueue<(Call Call, CallStage Stage), (long Due, long Order)> _due = new();
    readonly HashSet<Call> _open = [];
    readonly ITimer _timer;
    List<Exchange> _wakes = [];
    TaskCompletionSource? _drained;
    long _order;
    long _armed = long.MaxValue;

    public EngineDriver(SimulatorOptions options, TimeProvider time)
    {
        Options = options;
        _time = time;
        _start = time.GetTimestamp();
        _engine = new BatchEngine(options.ToStepModel(), options.Seed);
        Count = new TokenCounter(Counters);
        _timer = time.CreateTimer(static state => ((EngineDriver)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Guards this object and everything it holds; readers are woken outside it.</summary>
    public Lock Gate { get; } = new();

    public SimulatorOptions Options { get; private set; }

    public ServerCounters Counters { get; } = new();

    public TokenCounter Count { get; }

    public long StartTimestamp => _start;

    /// <summary>Since the simulator was made.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_start);

    public bool WakesInline => _time != TimeProvider.System;

    public void Change(SimulatorOptions options)
    {
        lock (Gate)
        {
            Options = options;
            _engine.Model = options.ToStepModel();
        }
    }

    /// <summary>Takes a new call; under the gate.</summary>
    public void Begin(Call call)
    {
        _open.Add(call);
        Counters.OpenRequests++;
        if (Options.FixedTimeToFirstToken is not null)
        {
            BeginFixed(call);
            return;
        }

        var delay = Options.HttpDelay.Ticks
            + (long)(Options.HttpMicrosecondsPerInputToken * call.Truth.PromptTokens * TimeSpan.TicksPerMicrosecond);
        At(call.Received + delay, call, CallStage.Arrive);
        Arm();
    }

    /// <summary>The client of this call went away; under the gate.</summary>
    public void Leave(Call call)
    {
        if (call.IsOver)
        {
            return;
        }

        LeaveEngine(call);
        Close(call, Now.Ticks, call.Truth.Outcome ?? RequestOutcome.ClientLeft);
    }

    /// <summary>Writes ahead for a reader that has nothing left; under the gate.</summary>
    public void Pull(Call call)
    {
        var at = Now.Ticks;
        for (var i = 0; i < Ahead && !call.Exchange.IsOver && !call.NextRound(at); i++)
        {
        }
    }

    public void Touch(Call call)
    {
        if (!call.IsTouched)
        {
            call.IsTouched = true;
            _wakes.Add(call.Exchange);
        }
    }

    /// <summary>Plans the end of a stream whose last content is written.</summary>
    public void Tail(Call call, long at)
    {
        var delay = Options.TailDelay.Ticks;
        if (delay > 0)
        {
            At(at + delay, call, CallStage.Done);
            At(at + (2 * delay), call, CallStage.End);
            return;
        }

        call.WriteDone();
        End(call, at);
    }

    public void AnswerJson(Call call, ReadOnlySpan<byte> body, long at)
    {
        SendHead(call, Heads.Json(200, body.Length));
        call.Exchange.WriteBody(body);
        End(call, at);
    }

    public ResponseHead SendHead(Call call, ResponseHead head)
    {
        call.Truth.Status = head.Status;
        call.Exchange.SetHead(Decorate(call, head));
        Touch(call);
        return head;
    }

    /// <summary>Hands over the readers to wake; under the gate, to be woken outside.</summary>
    public List<Exchange> TakeWakes()
    {
        var wakes = _wakes;
        _wakes = [];
        foreach (var exchange in wakes)
        {
            ((Call)exchange.State!).IsTouched = false;
        }

        return wakes;
    }

    /// <summary>Ends or cuts all open calls; a drain only waits for them.</summary>
    public Task StopAsync(StopKind kind)
    {
        List<Exchange> wakes;
        Task done;
        lock (Gate)
        {
            if (kind != StopKind.Drain)
            {
                foreach (var call in _open.OrderBy(static call => call.Truth.Ordinal).ToList())
                {
                    Stop(call, kind);
                }
            }

            _drained = _open.Count > 0 ? new TaskCompletionSource() : null;
            done = _drained?.Task ?? Task.CompletedTask;
            Arm();
            wakes = TakeWakes();
        }

        Wake(wakes);
        return done;
    }

    public async ValueTask DisposeAsync() => await _timer.DisposeAsync().ConfigureAwait(false);

    public static void Wake(List<Exchange> wakes)
    {
        foreach (var exchange in wakes)
        {
            exchange.Wake();
        }
    }

    /// <summary>Sets the timer to the next moment at which something is planned; under the gate.</summary>
    public void Arm()
    {
        var next = NextDue();
        if (next == _armed)
        {
            return;
        }

        _armed = next;
        if (next == long.MaxValue)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var wait = Math.Max(0, next - Now.Ticks);
        if (!WakesInline)
        {
            // The system's timer counts whole milliseconds and would cut the rest off and fire early.
            wait = (wait + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond;
        }

        _timer.Change(TimeSpan.FromTicks(wait), Timeout.InfiniteTimeSpan);
    }

    void OnTimer()
    {
        List<Exchange> wakes;
        TaskCompletionSource? drained = null;
        lock (Gate)
        {
            _armed = long.MaxValue;
            Advance(Now.Ticks);
            Arm();
            wakes = TakeWakes();
            if (_open.Count == 0)
            {
                drained = _drained;
                _drained = null;
            }
        }

        Wake(wakes);
        drained?.TrySetResult();
    }

    long NextDue()
    {
        var next = _engine.IsStepping ? _engine.StepEnd : long.MaxValue;
        return _due.TryPeek(out _, out var key) ? Math.Min(next, key.Due) : next;
    }

    /// <summary>Plays everything planned up to now, each at its planned moment: tokens first, then stages, then the next step.</summary>
    void Advance(long now)
    {
        for (var at = NextDue(); at <= now; at = NextDue())
        {
            if (_engine.IsStepping && _engine.StepEnd == at)
            {
                Counters.IterationTokens.Add(_engine.Load.Tokens);
                _engine.Finish();
            }

            while (_due.TryPeek(out var item, out var key) && key.Due == at)
            {
                _due.Dequeue();
                Play(item.Call, item.Stage, at);
            }

            if (!_engine.IsStepping)
            {
                _engine.TryStart(at);
            }

            Counters.Running = _engine.Running;
            Counters.Waiting = _engine.Waiting;
        }
    }

    void Play(Call call, CallStage stage, long at)
    {
        if (call.IsOver)
        {
            return;
        }

        switch (stage)
        {
            case CallStage.Arrive: Arrive(call, at); break;
            case CallStage.Queue:
                call.Truth.Queued = TimeSpan.FromTicks(at);
                foreach (var choice in call.Choices)
                {
                    _engine.Enqueue(choice);
                }

                break;
            case CallStage.Token:
                if (!call.NextRound(at))
                {
                    At(call.Received + Options.FixedTimeToFirstToken!.Value.Ticks + (call.Round * Options.FixedTimePerOutputToken.Ticks), call, CallStage.Token);
                }

                break;
            case CallStage.Done:
                call.WriteDone();
                Touch(call);
                break;
            default:
                End(call, at);
                break;
        }
    }

    void Arrive(Call call, long at)
    {
        if (Admit(call, at))
        {
            At(at + Options.QueueDelay.Ticks, call, CallStage.Queue);
        }
    }

    void BeginFixed(Call call)
    {
        if (!Admit(call, call.Received))
        {
            return;
        }

        call.Truth.Queued = call.Truth.Scheduled = call.Truth.Received;
        if (Options.FixedTimeToFirstToken > TimeSpan.Zero || Options.FixedTimePerOutputToken > TimeSpan.Zero)
        {
            At(call.Received + Options.FixedTimeToFirstToken!.Value.Ticks, call, CallStage.Token);
            Arm();
        }
        else if (call.Request.IsStream)
        {
            call.Exchange.IsPulled = true;
        }
        else
        {
            while (!call.NextRound(call.Received))
            {
            }
        }
    }

    bool Admit(Call call, long at)
    {
        if (Refusal(call) is { } error)
        {
            var body = error.ToJson();
            SendHead(call, Heads.Json(error.Status, body.Length));
            call.Exchange.WriteBody(body);
            call.Exchange.End(isStream: false);
            Close(call, at, RequestOutcome.Refused);
            return false;
        }

        call.Truth.Arrived = TimeSpan.FromTicks(at);
        call.IsAdmitted = true;
        if (call.Request.IsStream)
        {
            SendHead(call, Heads.Stream);
        }

        return true;
    }

    ApiError? Refusal(Call call)
    {
        if (Options.QueueLimit is { } limit && Unfinished() + call.Choices.Count > limit)
        {
            Counters.RejectedByRequests++;
            return ApiError.QueueFull;
        }

        if (Options.QueuedTokenLimit is { } tokens && Uncomputed() >= tokens)
        {
            Counters.RejectedByTokens++;
            return ApiError.QueueFull;
        }

        return null;
    }

    int Unfinished() => _open.Where(static call => call.IsAdmitted).Sum(static call => call.Choices.Count(static choice => !choice.IsFinished));

    int Uncomputed() => _open.Where(static call => call.IsAdmitted)
        .Sum(static call => call.Choices.Sum(static choice => Math.Max(0, choice.PromptTokens - choice.Computed)));

    void Stop(Call call, StopKind kind)
    {
        var at = Now.Ticks;
        if (kind == StopKind.Kill)
        {
            call.Exchange.Cut();
            Touch(call);
            LeaveEngine(call);
            Close(call, at, RequestOutcome.Killed);
            return;
        }

        if (call.Truth.Outcome is null)
        {
            if (call.Request.IsStream && call.Exchange.Head is null)
            {
                SendHead(call, Heads.Stream);
            }

            LeaveEngine(call);
            call.Abort(at);
            Touch(call);
        }
    }

    void LeaveEngine(Call call)
    {
        foreach (var choice in call.Choices)
        {
            _engine.Leave(choice);
        }
    }

    void End(Call call, long at)
    {
        call.Exchange.End(call.Request.IsStream);
        Touch(call);
        Close(call, at, call.Truth.Outcome ?? RequestOutcome.Finished);
    }

    void Close(Call call, long at, RequestOutcome outcome)
    {
        call.IsOver = true;
        call.Truth.Outcome = outcome;
        call.Truth.Closed = TimeSpan.FromTicks(at);
        if (_open.Remove(call))
        {
            Counters.OpenRequests--;
        }
    }

    void At(long due, Call call, CallStage stage) => _due.Enqueue((call, stage), (due, _order++));

    ResponseHead Decorate(Call call, ResponseHead head) =>
        Heads.Complete(head, _time.GetUtcNow(), Options.RequestIdHeaders ? call.HeaderId : null);
}

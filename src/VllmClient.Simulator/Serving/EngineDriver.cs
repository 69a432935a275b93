using Vllm.Simulator.Engine;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>Carries calls through their stages and the engine through its steps.</summary>
sealed class EngineDriver : IAsyncDisposable
{
    readonly Timeline _timeline;
    readonly BatchEngine _engine;
    readonly FixedCalls _fixed;
    readonly GpuMeter _gpu = new();

    public EngineDriver(SimulatorOptions options, TimeProvider time)
    {
        Options = options;
        _engine = new BatchEngine(options.ToStepModel(), options.Seed);
        Count = new TokenCounter(Counters);
        Calls = new OpenCalls(Gate, Counters, time, () => Options);
        _timeline = new Timeline(time, _ => OnTimer());
        _fixed = new FixedCalls(this, _timeline);
    }

    /// <summary>Guards this object and everything it holds; readers are woken outside it.</summary>
    public Lock Gate { get; } = new();

    public SimulatorOptions Options { get; private set; }

    public OpenCalls Calls { get; }

    public ServerCounters Counters { get; } = new();

    public TokenCounter Count { get; }

    public long StartTimestamp => _timeline.StartTimestamp;

    /// <summary>Since the simulator was made.</summary>
    public TimeSpan Now => _timeline.Now;

    public bool WakesInline => !_timeline.IsSystem;

    public void Change(SimulatorOptions options)
    {
        lock (Gate)
        {
            Options = options;
            _engine.Model = options.ToStepModel();
        }
    }

    public void ForgetPrefixes()
    {
        lock (Gate)
        {
            _engine.ForgetPrefixes();
        }
    }

    /// <summary>Takes a new call; under the gate.</summary>
    public void Begin(Call call)
    {
        Calls.Add(call);
        if (call.Pace is { } pace)
        {
            if (_fixed.Begin(call, pace))
            {
                Arm();
            }

            return;
        }

        var perToken = Options.HttpMicrosecondsPerInputToken * call.Truth.InputTokens * TimeSpan.TicksPerMicrosecond;
        _timeline.At(call.Received + Options.HttpDelay.Ticks + (long)perToken, call, CallStage.Arrive);
        Arm();
    }

    /// <summary>The client of this call went away; under the gate.</summary>
    public void Leave(Call call)
    {
        if (!call.IsOver)
        {
            LeaveEngine(call);
            Calls.Close(call, Now.Ticks, call.Truth.Outcome ?? RequestOutcome.ClientLeft);
            PaceGpu(Now.Ticks);
        }
    }

    /// <summary>Writes ahead for a reader that has nothing left; under the gate.</summary>
    public void Pull(Call call) => _fixed.Pull(call, Now.Ticks);

    /// <summary>Tells the GPU whether answers on fixed schedules are unfinished; under the gate.</summary>
    public void PaceGpu(long at) => _gpu.Pace(at, Counters.Paced > 0);

    /// <summary>What the GPU has done; under the gate.</summary>
    public GpuReading ReadGpu() => _gpu.Read(Now.Ticks);

    /// <summary>Plans the end of a stream whose last content is written.</summary>
    public void Tail(Call call, long at)
    {
        var delay = Options.TailDelay.Ticks;
        if (delay > 0)
        {
            _timeline.At(at + delay, call, CallStage.Done);
            _timeline.At(at + (2 * delay), call, CallStage.End);
            return;
        }

        call.WriteDone();
        Calls.End(call, at);
    }

    public void AnswerJson(Call call, ReadOnlySpan<byte> body, long at)
    {
        Calls.SendHead(call, Heads.Json(200, body.Length), body.Length);
        call.Exchange.WriteBody(body);
        Calls.End(call, at);
    }

    /// <summary>Ends or cuts all open calls; a drain only waits for them.</summary>
    public Task StopAsync(StopKind kind)
    {
        List<Call> touched;
        Task drained;
        lock (Gate)
        {
            if (kind != StopKind.Drain)
            {
                foreach (var call in Calls.InOrder())
                {
                    Stop(call, kind);
                }
            }

            PaceGpu(Now.Ticks);
            drained = Calls.DrainedAsync();
            Arm();
            touched = Calls.TakeTouched();
        }

        Calls.Wake(touched);
        return drained;
    }

    public ValueTask DisposeAsync() => _timeline.DisposeAsync();

    void OnTimer()
    {
        List<Call> touched;
        lock (Gate)
        {
            _timeline.Fired();
            Advance(Now.Ticks);
            Arm();
            touched = Calls.TakeTouched();
        }

        Calls.Wake(touched);
    }

    void Arm() => _timeline.Arm(NextDue());

    long NextDue() => _engine.IsStepping ? Math.Min(_engine.StepEnd, _timeline.NextDue) : _timeline.NextDue;

    /// <summary>Plays everything planned up to now, each at its planned moment: tokens first, then stages, then the next step.</summary>
    void Advance(long now)
    {
        for (var at = NextDue(); at <= now; at = NextDue())
        {
            if (_engine.IsStepping && _engine.StepEnd == at)
            {
                _engine.Finish();
                Count.EndStep();
            }

            while (_timeline.TryTake(at, out var call, out var stage))
            {
                Play(call, stage, at);
            }

            if (!_engine.IsStepping)
            {
                StartStep(at);
            }
        }
    }

    void StartStep(long at)
    {
        if (_engine.TryStart(at))
        {
            _gpu.Step(at, _engine.StepEnd, _engine.ComputeShare);
        }

        Counters.Running = _engine.Running;
        Counters.Waiting = _engine.Waiting;
        Counters.MemoryUsage = _engine.MemoryUsage;
        Counters.TimesPreempted = _engine.Preemptions;
    }

    void Play(Call call, CallStage stage, long at)
    {
        // A stopping server may have ended the answer while its next stage was planned.
        if (call.IsOver || (call.Truth.Outcome is not null && stage is not (CallStage.Done or CallStage.End)))
        {
            return;
        }

        switch (stage)
        {
            case CallStage.Arrive:
                if (Calls.Admit(call, at))
                {
                    _timeline.At(at + Options.QueueDelay.Ticks, call, CallStage.Queue);
                }

                break;
            case CallStage.Queue:
                Enqueue(call, at);
                break;
            case CallStage.Token:
                _fixed.Play(call, at);
                break;
            case CallStage.Done:
                call.WriteDone();
                Calls.Touch(call);
                break;
            default:
                Calls.End(call, at);
                break;
        }
    }

    void Enqueue(Call call, long at)
    {
        call.Truth.Queued = TimeSpan.FromTicks(at);
        foreach (var choice in call.Choices)
        {
            _engine.Enqueue(choice);
        }
    }

    void Stop(Call call, StopKind kind)
    {
        if (kind == StopKind.Kill)
        {
            call.Exchange.Cut();
            Calls.Touch(call);
            LeaveEngine(call);
            Calls.Close(call, Now.Ticks, RequestOutcome.Killed);
            return;
        }

        if (call.Truth.Outcome is null)
        {
            if (call.Request.IsStream && call.Exchange.Head is null)
            {
                Calls.SendHead(call, Heads.Stream);
            }

            LeaveEngine(call);
            call.Abort(Now.Ticks);
            Calls.Touch(call);
        }
    }

    void LeaveEngine(Call call)
    {
        foreach (var choice in call.Choices)
        {
            _engine.Leave(choice);
        }
    }
}

using System.Collections.Concurrent;

namespace Vllm.Load;

/// <summary>Decides what is due. One thread at a time drives it: the pacer's, or the one that fires a virtual clock's timers.</summary>
/// <remarks>Users who need no decision take their next turn on the thread that ended the last; all others come back here.</remarks>
sealed class Director
{
    static readonly long GraceTicks = TimeSpan.FromSeconds(5).Ticks;

    readonly PriorityQueue<int, (long Ready, int User)> _ready = new();
    readonly ConcurrentQueue<(int User, long Ready)> _returned = new();
    readonly HashSet<int> _active = [];
    readonly HashSet<int> _served = [];
    readonly bool _isReal;
    RunPhase? _current;
    ArrivalSchedule? _arrivals;
    long _nextArrival = long.MaxValue;
    long _lastArrival;
    long _drainEnd = long.MaxValue;
    long _graceEnd = long.MaxValue;
    long _index;
    long _warmUpIndex;
    int _position = -1;
    int _stop;
    bool _isCut;

    public Director(LoadPlan plan, LoadWork work, RunClock clock, ulong id)
    {
        _isReal = clock.IsReal;
        Run = new LoadRun(plan, work, clock, id) { Ended = NextOfUser, Settled = () => Wake() };
    }

    public LoadRun Run { get; }

    /// <summary>Called when something must be decided before the time that <see cref="Advance"/> returned.</summary>
    public Action Wake { get; set; } = static () => { };

    /// <summary>The phase that is running; null before the first and after the last.</summary>
    public RunPhase? Current => Volatile.Read(ref _current);

    public RunEnd End { get; private set; }

    public bool IsFinished { get; private set; }

    /// <summary>Whether users may return at any moment, so that the next decision cannot be foretold.</summary>
    public bool HasUsers => Current?.Phase is UsersPhase;

    bool IsOver => _position >= Run.Phases.Count;

    /// <summary>Asks for an early end: nothing new, and running turns get 5 seconds, or are cancelled at once.</summary>
    public void RequestEnd(RunEnd end)
    {
        // A cancellation outranks a stop; neither undoes an earlier one.
        var wanted = end == RunEnd.Cancelled ? 2 : 1;
        var seen = Volatile.Read(ref _stop);
        while (seen < wanted)
        {
            var before = Interlocked.CompareExchange(ref _stop, wanted, seen);
            if (before == seen) break;
            seen = before;
        }

        Wake();
    }

    /// <summary>Starts everything due by now, in order of due time and user.</summary>
    /// <returns>When to come back at the latest; <see cref="long.MaxValue"/> if only the end of a turn brings news.</returns>
    public long Advance(long now)
    {
        if (_position < 0) Enter(0, 0);
        ObeyRequests(now);
        while (StepTo(now))
        {
        }

        if (Run.TakeQueued() is { } waiting) Start(waiting);
        if (IsOver) Drain(now);
        return IsFinished ? long.MaxValue : NextDecision();
    }

    // One event at or before now; false if there is none.
    bool StepTo(long now)
    {
        while (_returned.TryDequeue(out var user)) _ready.Enqueue(user.User, (user.Ready, user.User));
        if (_current is not { } phase) return false;
        var user0 = _ready.TryPeek(out _, out var first) ? first.Ready : long.MaxValue;
        var next = Math.Min(phase.End, Math.Min(_nextArrival, user0));
        if (next > now) return false;
        if (phase.End == next && _nextArrival > next) Enter(_position + 1, phase.End);
        else if (_nextArrival == next) Arrive(phase);
        else StartUser(phase, _ready.Dequeue(), user0);
        return true;
    }

    void Arrive(RunPhase phase)
    {
        var due = _nextArrival;
        Run.Offer(phase);
        StartDue(NewTurn(phase, null, due));
        _lastArrival = due;
        TakeArrival(phase);
    }

    void TakeArrival(RunPhase phase)
    {
        if (_arrivals!.Next() is { } next) _nextArrival = phase.Start + next;
        else
        {
            _nextArrival = long.MaxValue;
            if (phase.End == long.MaxValue) phase.End = _lastArrival;
        }
    }

    void StartUser(RunPhase phase, int user, long ready)
    {
        if (phase.Phase is not UsersPhase users || user >= users.Count || (phase.OncePerUser && !_served.Add(user)))
        {
            // Until a later phase wants the user again.
            _active.Remove(user);
            return;
        }

        var due = Math.Max(ready, phase.Start);
        Run.Hold();
        if (phase.TryClaim(due))
        {
            phase.Counters.Offer();
            StartDue(NewTurn(phase, user, due));
            return;
        }

        Run.Unhold();
        _ready.Enqueue(user, (phase.End, user));
    }

    // The end of a turn, on the thread that ended it.
    TurnContext? NextOfUser(TurnContext turn)
    {
        if (turn.User is not { } user) return null;

        var ready = turn.Ended;
        if (_isReal && Environment.CurrentManagedThreadId != Run.Guard.Thread)
        {
            Run.Hold();
            if (Current is { Phase: UsersPhase users, OncePerUser: false } phase && user < users.Count && ready < phase.End && phase.TryClaim(ready))
            {
                phase.Counters.Offer();
                return Run.Submit(NewTurn(phase, user, ready));
            }

            Run.Unhold();
        }

        _returned.Enqueue((user, ready));
        return null;
    }

    TurnContext NewTurn(RunPhase phase, int? user, long due)
    {
        var index = phase.IsWarmUp ? Interlocked.Increment(ref _warmUpIndex) : Interlocked.Increment(ref _index);
        return new TurnContext(Run, phase, index - 1, user, due);
    }

    void StartDue(TurnContext turn)
    {
        if (Run.Submit(turn) is { } start) Start(start);
    }

    void Start(TurnContext turn)
    {
        if (_isReal && Run.Guard.IsBlocking) ThreadPool.UnsafeQueueUserWorkItem(new PooledStart(Run, turn), preferLocal: false);
        else _ = Run.RunAsync(turn);
    }

    void Enter(int position, long at)
    {
        _position = position;
        _nextArrival = long.MaxValue;
        if (IsOver)
        {
            Volatile.Write(ref _current, null);
            Interlocked.MemoryBarrier();
            _drainEnd = at + Run.Plan.Drain.Ticks;
            return;
        }

        var phase = Run.Phases[position];
        phase.Start = _lastArrival = at;
        _served.Clear();
        if (DurationOf(phase.Phase) is { } duration) phase.End = at + duration.Ticks;
        if (phase.Phase is RatePhase rate)
        {
            _arrivals = new ArrivalSchedule(rate, Run.Plan.Seed, phase.IsWarmUp ? -1 : phase.Index);
            TakeArrival(phase);
        }

        if (phase.Phase is UsersPhase users) SpreadUsers(phase, users);
        Volatile.Write(ref _current, phase);
    }

    void SpreadUsers(RunPhase phase, UsersPhase users)
    {
        var random = new LoadRandom(Run.Plan.Seed, RandomPurpose.Spread, phase.IsWarmUp ? -1 : phase.Index);
        for (var user = 0; user < users.Count; user++)
        {
            var ready = phase.Start + (long)(random.NextDouble() * users.Spread.Ticks);
            if (_active.Add(user)) _ready.Enqueue(user, (ready, user));
        }
    }

    void ObeyRequests(long now)
    {
        var stop = Volatile.Read(ref _stop);
        if (stop == 0) return;
        if (End < RunEnd.Stopped)
        {
            if (_current is { } phase)
            {
                phase.End = Math.Min(phase.End, now);
                Enter(Run.Phases.Count, now);
            }

            Run.CloseQueue(now);
            End = RunEnd.Stopped;
            _drainEnd = Math.Min(_drainEnd, now + GraceTicks);
        }

        if (stop == 2 && End != RunEnd.Cancelled)
        {
            End = RunEnd.Cancelled;
            _drainEnd = now;
        }
    }

    void Drain(long now)
    {
        if (Run.Open > 0 && now >= _drainEnd && !_isCut)
        {
            _isCut = true;
            _graceEnd = now + GraceTicks;
            if (End == RunEnd.Finished) Run.EndDrain(now);
            else Run.Cut(now);
        }

        if (Run.Open > 0 && now >= _graceEnd) Run.GiveUpRunning();
        IsFinished = Run.Open == 0 || now >= _graceEnd;
    }

    long NextDecision()
    {
        if (IsOver) return _isCut ? _graceEnd : _drainEnd;
        var user = _ready.TryPeek(out _, out var first) ? first.Ready : long.MaxValue;
        return Math.Min(_current!.End, Math.Min(_nextArrival, user));
    }

    static TimeSpan? DurationOf(LoadPhase phase) => phase switch
    {
        UsersPhase users => users.Duration,
        RatePhase rate => rate.Duration,
        PausePhase pause => pause.Duration,
        _ => null,
    };

    sealed class PooledStart(LoadRun run, TurnContext turn) : IThreadPoolWorkItem
    {
        public void Execute() => _ = run.RunAsync(turn);
    }
}

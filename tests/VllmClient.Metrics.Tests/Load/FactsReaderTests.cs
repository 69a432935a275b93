using System.Diagnostics;
using Vllm.Load;
using static Vllm.Tests.Load.HandTurns;

namespace Vllm.Tests.Load;

/// <summary>What the threads of a run recorded, each at its own pace, as one list of facts.</summary>
public sealed class FactsReaderTests : IDisposable
{
    static readonly LoadPlan Plan = new()
    {
        WarmUp = LoadPhase.Users(1, 2),
        Phases = [LoadPhase.Users(1, TimeSpan.FromSeconds(1)), LoadPhase.Rate(1, TimeSpan.FromSeconds(1)), LoadPhase.Users(1, 1), LoadPhase.Rate(1, 1), LoadPhase.Rate(2, 2)],
    };

    readonly Director _director = new(Plan, LoadWork.From((_, _) => Task.CompletedTask), new(new TestClock()), 1);

    public void Dispose() => _director.Run.Dispose();

    [Fact]
    public void Turns_stand_by_phase_with_the_warm_up_first()
    {
        Record(1, 1, Done(1));
        Record(2, 0, Done(1));
        Record(0, 1, Done(1));
        Record(0, 0, Done(1));

        Read().Turns.Select(turn => (turn.Phase, turn.Index)).ShouldBe([(255, 0), (255, 1), (0, 1), (1, 0)]);
    }

    [Fact]
    public void Only_phases_that_began_are_told_and_only_planned_lengths_are_timed()
    {
        for (var i = 0; i < 5; i++) _director.Run.Phases[i].Start = i;

        var phases = Read().Phases;

        phases.Select(phase => phase.Index).ShouldBe([255, 0, 1, 2, 3]);
        phases.Select(phase => phase.IsTimed).ShouldBe([false, true, true, false, false]);
        phases.ShouldAllBe(phase => phase.End == Ms(5000));
    }

    [Fact]
    public void The_twenty_slowest_turns_of_all_threads_are_told_with_their_traces()
    {
        using var activity = new Activity("test").Start();
        OnThread(() =>
        {
            for (var i = 0; i < 15; i++) Record(1, 100 + i, Done(100 + i) with { Due = Ms(50), FirstContent = null });
        });
        OnThread(() =>
        {
            for (var i = 0; i < 15; i++) Record(1, i, Done(200 + i) with { Due = Ms(10) });
        });

        var slowest = Read().Slowest;

        slowest.Select(turn => turn.Index).ShouldBe([14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 114, 113, 112, 111, 110]);
        slowest[0].ShouldBe(new SlowTurn { Index = 14, Phase = "users", Due = TimeSpan.FromMilliseconds(10), TimeToFirstToken = TimeSpan.FromMilliseconds(107), Duration = TimeSpan.FromMilliseconds(204), TraceId = activity.TraceId.ToHexString() });
        (slowest[19].TimeToFirstToken, slowest[19].Duration).ShouldBe((null, TimeSpan.FromMilliseconds(60)));
    }

    [Fact]
    public void Kinds_of_failure_stand_by_phase_and_name_whichever_came_first()
    {
        Record(2, 0, Failed(300), "timeout");
        Record(1, 1, Failed(200), "timeout");
        Record(1, 2, Failed(900), "500");
        Record(1, 3, Failed(100), "timeout");
        Record(0, 0, Failed(50), "timeout");

        var facts = Read();

        facts.Errors.Select(error => (error.Phase, error.Type, error.Count, error.FirstAt.TotalMilliseconds))
            .ShouldBe([("warm-up", "timeout", 1, 50), ("users", "500", 1, 900), ("users", "timeout", 2, 100), ("rate", "timeout", 1, 300)]);
        facts.Turns.Select(turn => turn.ErrorIndex).ShouldBe([0, 2, 1, 2, 3]);
        facts.StartedAt.ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void The_gaps_of_all_threads_are_those_of_the_phase()
    {
        OnThread(() => Record(1, 0, Done(1)));
        OnThread(() => Record(1, 1, Done(1)));
        foreach (var log in _director.Run.Logs) log.AddGaps(0, [1, 2, 3]);

        var gaps = Read().Gaps;

        (gaps.Single().Key, gaps[0].Count, gaps[0].Sum).ShouldBe((0, 6, 1200));
    }

    [Fact]
    public void On_the_clock_of_the_system_the_pacer_starts_turns_or_the_pool_if_the_work_blocks()
    {
        using var run = new LoadRunOwner();

        (run.Read().IsReal, run.Read().Health.Dispatch).ShouldBe((true, "pacer"));
        run.Director.Run.Guard.Thread = Environment.CurrentManagedThreadId;
        // Thirteen starts that, by their stamps, began when the machine did.
        for (var i = 0; i < 13; i++) run.Director.Run.Guard.End(0);
        run.Read().Health.Dispatch.ShouldBe("pool");
        (Read().IsReal, Read().Health.Dispatch).ShouldBe((false, "timer"));
    }

    RunFacts Read() => FactsReader.Read(_director, Ms(5000));

    void Record(int phase, long index, TurnRecord record, string? errorType = null)
    {
        var run = _director.Run;
        var turn = new TurnContext(run, run.Phases[phase], index, null, record.Due);
        run.Begin(turn);
        turn.OnSent(new() { CallId = index, Attempt = 1 });
        run.Record(turn, record with { Index = index, Phase = run.Phases[phase].Index }, [], null, errorType);
    }

    static void OnThread(ThreadStart action)
    {
        var thread = new Thread(action);
        thread.Start();
        thread.Join();
    }

    sealed class LoadRunOwner : IDisposable
    {
        public Director Director { get; } = new(Plan, LoadWork.From((_, _) => Task.CompletedTask), new(TimeProvider.System), 1);

        public RunFacts Read() => FactsReader.Read(Director, Ms(5000));

        public void Dispose() => Director.Run.Dispose();
    }
}

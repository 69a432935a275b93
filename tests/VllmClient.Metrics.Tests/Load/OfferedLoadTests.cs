using Vllm.Load;

namespace Vllm.Tests.Load;

/// <summary>How much load a phase put on the server: rates over the time in which turns were due, and everything that was in flight.</summary>
public sealed class OfferedLoadTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly TestClock _clock = new();

    [Fact]
    public void The_drain_is_no_part_of_the_time_in_which_turns_are_offered()
    {
        var report = Run([LoadPhase.Rate(20, 20 * Second) with { Arrivals = Arrivals.Even }], 5000);

        report.Total.Offered.ShouldBe(400);
        report.Total.Elapsed.ShouldBe(TimeSpan.FromSeconds(24.95));
        (report.Total.OfferedPerSecond, report.Total.OfferedFor).ShouldBe((20, 20 * Second));
        (report.Phases[0].OfferedPerSecond, report.Phases[0].OfferedFor).ShouldBe((20, 20 * Second));
        report.NotSteady.ShouldBeNull();
    }

    [Fact]
    public void A_counted_phase_offers_from_its_first_turn_to_its_last()
    {
        var report = Run([LoadPhase.Rate(10, 31) with { Arrivals = Arrivals.Even }], 5000);

        (report.Total.OfferedPerSecond, report.Total.OfferedFor, report.NotSteady).ShouldBe((10, 3 * Second, NotSteady.TooShort));
    }

    [Fact]
    public void A_pause_is_no_part_of_it_either()
    {
        var report = Run(
            [LoadPhase.Rate(10, 2 * Second) with { Arrivals = Arrivals.Even }, LoadPhase.Pause(6 * Second), LoadPhase.Rate(30, 2 * Second) with { Arrivals = Arrivals.Even }],
            10);

        (report.Total.OfferedPerSecond, report.Total.OfferedFor).ShouldBe((20, 4 * Second));
        report.Phases.Select(p => p.OfferedPerSecond).ShouldBe([10.0, null, 30.0]);
    }

    [Fact]
    public void One_turn_alone_has_no_rate() => Run([LoadPhase.Users(1, 1)], 10).Total.OfferedPerSecond.ShouldBeNull();

    [Fact]
    public void Work_that_goes_on_on_another_thread_makes_a_virtual_run_invalid()
    {
        var report = _clock.Run(() => new LoadRunner(new() { TimeProvider = _clock }).RunAsync(
            new LoadPlan { Phases = [LoadPhase.Users(1, 5)], WarmUp = null, Objectives = [Objective.FailedShare(0.9)] },
            (turn, token) => turn.Index == 3 ? Elsewhere() : _clock.Delay(10, token)));

        report.Health.Single().Deterministic.ShouldBe(false);
        report.Objectives.Single().Outcome.ShouldBe(Verdict.Met);
        report.Verdict.ShouldBe(Verdict.RunInvalid);
        report.Reasons.ShouldHaveSingleItem().ShouldStartWith("The work left the virtual clock");
        report.Reasons[0].ShouldContain("Give it the run's TimeProvider");
    }

    [Fact]
    public void On_virtual_time_the_client_has_no_error_of_its_own()
    {
        var seen = new List<LoadSnapshot>();
        var report = _clock.Run(() => new LoadRunner(new() { TimeProvider = _clock }).RunAsync(
            new LoadPlan { Phases = [LoadPhase.Users(1, 2 * Second)], WarmUp = null }, (_, token) => _clock.Delay(10, token), new Listener(seen.Add)));

        (report.Health.Single().DispatchDelay, report.Health.Single().SendDelay, report.Total.DispatchDelay).ShouldBe((null, null, null));
        seen.ShouldNotBeEmpty();
        seen.ShouldAllBe(s => s.DispatchDelayP99 == null);
    }

    [Fact]
    public void A_run_that_sees_no_call_of_its_client_says_so()
    {
        var client = new FakeClient(_clock, (_, _) => { });
        LoadReport Once(LoadWork work) => _clock.Run(() => new LoadRunner(new() { TimeProvider = _clock }).RunAsync(new LoadPlan { Phases = [LoadPhase.Users(1, 3)], WarmUp = null }, work));

        var unseen = Once(LoadWork.From((_, token) => _clock.Delay(10, token), client));
        var seen = Once(LoadWork.Chat(client, Prompts.Fixed("hello")));

        var check = unseen.Checks.Single(c => c.Name == "check-calls");
        check.Passed.ShouldBe(false);
        check.Message.ShouldContain("PreserveExecutionContext");
        unseen.Verdict.ShouldBe(Verdict.Met);
        seen.Checks.ShouldNotContain(c => c.Name == "check-calls");
    }

    LoadReport Run(IReadOnlyList<LoadPhase> phases, double milliseconds) => _clock.Run(() =>
        new LoadRunner(new() { TimeProvider = _clock }).RunAsync(new LoadPlan { Phases = phases, WarmUp = null }, (_, token) => _clock.Delay(milliseconds, token)));

    // Ends on a thread of its own while the clock's thread waits for it, so that nothing depends on luck.
    Task Elsewhere()
    {
        var over = new TaskCompletionSource();
        _ = _clock.CreateTimer(
            _ =>
            {
                var thread = new Thread(over.SetResult);
                thread.Start();
                thread.Join();
            },
            null,
            TimeSpan.FromMilliseconds(10),
            Timeout.InfiniteTimeSpan);
        return over.Task;
    }

    sealed class Listener(Action<LoadSnapshot> seen) : IProgress<LoadSnapshot>
    {
        public void Report(LoadSnapshot value) => seen(value);
    }
}

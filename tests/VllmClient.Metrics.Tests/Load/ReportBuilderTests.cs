using Vllm.Load;
using Vllm.Resources;
using static Vllm.Tests.Load.HandTurns;

namespace Vllm.Tests.Load;

public sealed class ReportBuilderTests
{
    static readonly LoadPlan Plan = new() { Phases = [LoadPhase.Rate(10, 5), LoadPhase.Rate(10, 5)], WarmUp = null };

    [Fact]
    public void A_report_names_its_plan_its_schedule_its_start_and_its_slowest_turns()
    {
        var slow = new SlowTurn { Index = 3 };

        var report = ReportBuilder.Build(Facts(Done(500)) with { StartedAt = DateTimeOffset.UnixEpoch, Slowest = [slow] });

        (report.PlanHash, report.ScheduleHash, report.StartedAt).ShouldBe((Plan.Hash, ScheduleHash.Compute(Plan), DateTimeOffset.UnixEpoch));
        report.Slowest.ShouldBe([slow]);
    }

    [Fact]
    public void An_objective_of_a_phase_is_judged_by_its_turns_alone()
    {
        var facts = Facts([.. Done(3, 50), .. Done(4, 150).Select(t => t with { Phase = 1 })]);
        var limit = Objective.Duration(0.5, TimeSpan.FromMilliseconds(100));

        var report = ReportBuilder.Build(Asked(facts, limit, limit with { Phase = "rate" }, limit with { Phase = "rate-2" }));

        report.Objectives.Select(o => (o.Count, o.Bad)).ShouldBe([(7, 4), (3, 0), (4, 4)]);
    }

    [Fact]
    public void The_worst_objective_comes_first_among_the_reasons_and_one_that_is_met_is_none()
    {
        var facts = Facts([.. Done(20, 150)]);
        Objective[] objectives = [Objective.FailedShare(0.01), Objective.FailedShare(0.9), Objective.Duration(0.5, TimeSpan.FromMilliseconds(100))];

        var report = ReportBuilder.Build(Asked(facts, objectives));

        report.Verdict.ShouldBe(Verdict.NotMet);
        report.Reasons.ShouldBe([report.Objectives[2].Message, report.Objectives[0].Message]);
    }

    [Theory]
    [InlineData(RunEnd.Stopped, "The run was stopped before its end.")]
    [InlineData(RunEnd.Cancelled, "The run was cancelled before its end.")]
    public void A_run_that_ended_early_cannot_be_met(RunEnd end, string reason)
    {
        var facts = Facts([.. Done(20, 50)]) with { End = end };

        (ReportBuilder.Build(facts).Verdict, ReportBuilder.Build(facts).Reasons.Single()).ShouldBe((Verdict.NotEnoughEvidence, reason));
        // What it missed it has missed all the same, and early it is not why.
        var missed = ReportBuilder.Build(Asked(facts, Objective.Duration(0.5, TimeSpan.FromMilliseconds(10))));
        (missed.Verdict, missed.Reasons.Single()).ShouldBe((Verdict.NotMet, missed.Objectives[0].Message));
        ReportBuilder.Build(Facts(Abandoned(50)) with { End = end }).Reasons.ShouldBe(["No turn ended, so there is nothing to judge."]);
    }

    [Fact]
    public void Turns_that_hang_leave_a_run_open_only_if_nothing_else_judges_them()
    {
        var facts = Facts([.. Done(20, 50), CutOff(2000)]);

        ReportBuilder.Build(Asked(facts, Objective.FailedShare(0.5))).Verdict.ShouldBe(Verdict.Met);
        var open = ReportBuilder.Build(Asked(facts, Objective.FailedShare(0.05)));
        (open.Verdict, open.Reasons.Single()).ShouldBe((Verdict.NotEnoughEvidence, open.Objectives[0].Message));
        ReportBuilder.Build(Facts(CutOff(2000))).Reasons.ShouldBe(["No turn ended, so there is nothing to judge: 1 turns were still running after at least 2,000 ms."]);
    }

    [Fact]
    public void The_delays_of_the_generator_are_those_of_turns_that_began()
    {
        var health = ReportBuilder.Build(Facts(Done(50) with { Begun = Ms(2), Sent = Ms(3) }, Dropped(0)) with { IsReal = true }).Health.Single();

        (health.DispatchDelay!.Count, health.DispatchDelay.Missing, health.DispatchDelay.Mean).ShouldBe((1, 0, TimeSpan.FromSeconds(0.002)));
        (health.SendDelay!.Count, health.SendDelay.Missing, health.SendDelay.Mean).ShouldBe((1, 0, TimeSpan.FromSeconds(0.001)));
    }

    [Fact]
    public void Steps_stand_in_the_order_in_which_they_first_started()
    {
        CallSample[] calls = [Call("never", -1), Call("a", 20), Call("a", 30), Call("b", 100), Call("b", 10), Call("c", -1), Call("c", 15), Call("zero", 0)];

        ReportBuilder.Build(Facts(Done(50)) with { Calls = calls }).Steps.Select(step => step.Name).ShouldBe(["zero", "b", "c", "a", "never"]);
    }

    [Fact]
    public void A_step_has_the_times_of_its_completed_calls()
    {
        CallSample[] calls =
        [
            Call("a", 0) with { TimeToFirstToken = 0, Duration = 0 }, Call("a", 0) with { TimeToFirstToken = Ms(30), Duration = Ms(100) }, Call("a", 0) with { TimeToFirstToken = -1, Duration = -1 },
            new("a", 0, true, false, Ms(999), Ms(999)), Call("b", 1) with { TimeToFirstToken = -1 },
        ];

        var steps = ReportBuilder.Build(Facts(Done(50)) with { Calls = calls }).Steps;

        (steps[0].Count, steps[0].Failed).ShouldBe((4, 1));
        (steps[0].TimeToFirstToken!.Count, steps[0].TimeToFirstToken!.Missing, steps[0].TimeToFirstToken!.Mean).ShouldBe((2, 1, TimeSpan.FromSeconds(0.015)));
        (steps[0].Duration.Count, steps[0].Duration.Missing, steps[0].Duration.Mean).ShouldBe((2, 1, TimeSpan.FromSeconds(0.05)));
        steps[1].TimeToFirstToken.ShouldBeNull();
    }

    [Fact]
    public void A_window_without_length_used_nothing()
    {
        var line = new ResourceTimeline([], [], [], [], TimeSpan.TicksPerSecond, TimeSpan.FromSeconds(1));

        ReportBuilder.Build(Facts(Done(0)) with { Resources = new(line, new(new TestClock())) }).Resources.ShouldBeNull();
    }

    static CallSample Call(string step, long started) => new(step, started, false, true, Ms(10), Ms(20));

    static RunFacts Asked(RunFacts facts, params Objective[] objectives) => facts with { Plan = Plan with { Objectives = objectives } };

    static RunFacts Facts(params TurnRecord[] turns) => new()
    {
        Plan = Plan,
        Duration = Ms(2000),
        Phases =
        [
            new() { Index = 0, Name = "rate", Start = 0, End = Ms(1000), Offered = turns.Count(t => t.Phase == 0) },
            new() { Index = 1, Name = "rate-2", Start = Ms(1000), End = Ms(2000), Offered = turns.Count(t => t.Phase == 1) },
        ],
        Turns = turns,
    };
}

using Vllm.Load;

namespace Vllm.Tests.Load;

public sealed class LoadPlanTests
{
    [Fact]
    public void Names_every_fault_at_once()
    {
        var plan = new LoadPlan
        {
            Phases = [LoadPhase.Users(0, 10), LoadPhase.Rate(0, TimeSpan.Zero), LoadPhase.Auto],
            MaxInFlight = 0,
            Confidence = 95,
            Drain = TimeSpan.FromSeconds(-1),
            TurnTimeout = TimeSpan.Zero,
            Objectives = [Objective.TimeToFirstToken(95, TimeSpan.FromSeconds(1)), Objective.FailedShare(1), Objective.Duration(0.5, TimeSpan.Zero) with { Phase = "nowhere" }],
        };

        plan.Validate().ShouldBe(
        [
            "Confidence is 95; must be > 0.5 and < 1: 0.95, not 95",
            "MaxInFlight is 0; must be >= 1",
            "TurnTimeout is 00:00:00; must be > 0",
            "Drain is -00:00:01; must be >= 0",
            "Phases[0].Count is 0; must be >= 1",
            "Phases[1].PerSecond is 0; must be > 0 and finite",
            "Phases[1].Duration is 00:00:00; must be > 0",
            "Phases[2] is Auto; only WarmUp may be",
            "Objectives[0].Quantile is 95; must be > 0 and < 1: 0.95, not 95",
            "Objectives[1].AtMost is 1; must be >= 0 and < 1: 0.01, not 1",
            "Objectives[2].AtMost is 00:00:00; must be > 0",
            "Objectives[2].Phase is 'nowhere'; the phases are users, rate, auto",
        ]);
    }

    public static TheoryData<LoadPlan, string> Faulty => new()
    {
        { new() { Phases = [] }, "Phases holds no phase with users or a rate; must hold at least one" },
        { new() { Phases = [LoadPhase.Pause(TimeSpan.FromSeconds(1))] }, "Phases holds no phase with users or a rate; must hold at least one" },
        { new() { Phases = [LoadPhase.Rate(double.NaN, 1)] }, "Phases[0].PerSecond is NaN; must be > 0 and finite" },
        { new() { Phases = [LoadPhase.Rate(double.PositiveInfinity, 1)] }, "Phases[0].PerSecond is Infinity; must be > 0 and finite" },
        { new() { Phases = [LoadPhase.Users(11, 11)], MaxInFlight = 10 }, "Phases[0].Count is 11; must be <= MaxInFlight, 10" },
        { new() { Phases = [LoadPhase.Users(1, 1)], WhenFull = InFlightOverflow.Drop }, "Phases[0] has users, who wait for each other; WhenFull must be Queue" },
        { new() { Phases = [LoadPhase.Users(1, 1) with { Name = "a" }, LoadPhase.Users(1, 1) with { Name = "a" }] }, "Phases has the name 'a' more than once; names must differ" },
        { new() { Phases = [LoadPhase.Users(1, 1)], WarmUp = LoadPhase.Pause(TimeSpan.FromSeconds(1)) }, "WarmUp is a pause; it must have users, a rate or be null" },
        { new() { Phases = [LoadPhase.Users(1, 0)] }, "Phases[0].Requests is 0; must be >= 1" },
        { new() { Phases = [new UsersPhase { Count = 1 }] }, "Phases[0] must have either Requests or Duration" },
        { new() { Phases = [null!, LoadPhase.Users(1, 1)] }, "Phases[0] is null; must be a phase" },
        { new() { Phases = [.. Enumerable.Repeat(LoadPhase.Users(1, 1), 256)] }, "Phases.Count is 256; must be <= 255" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Refuses_what_cannot_run(LoadPlan plan, string error) => plan.Validate().ShouldBe([error]);

    [Fact]
    public async Task A_runner_refuses_a_faulty_plan()
    {
        var plan = new LoadPlan { Phases = [LoadPhase.Rate(0, 1)] };

        var error = await Should.ThrowAsync<LoadPlanException>(() => LoadTest.RunAsync(plan, (_, _) => Task.CompletedTask, TestContext.Current.CancellationToken));

        error.Errors.ShouldBe(["Phases[0].PerSecond is 0; must be > 0 and finite"]);
        error.Message.ShouldContain(error.Errors[0]);
    }

    [Fact]
    public void The_hash_tells_plans_apart_but_for_their_names()
    {
        var plan = new LoadPlan { Phases = [LoadPhase.Users(20, 50)] };
        LoadPlan[] others =
        [
            plan with { Seed = 2 },
            plan with { WarmUp = null },
            plan with { Phases = [LoadPhase.Users(20, 51)] },
            plan with { Phases = [LoadPhase.Users(20, TimeSpan.FromSeconds(50))] },
            plan with { Phases = [LoadPhase.Users(20, 50) with { Spread = TimeSpan.Zero }] },
            plan with { Phases = [LoadPhase.Rate(20, 50)] },
            plan with { Phases = [LoadPhase.Rate(20, 50) with { Arrivals = Arrivals.Even }] },
            plan with { Objectives = [Objective.FailedShare(0.01)] },
            plan with { Objectives = [Objective.Duration(0.95, TimeSpan.FromSeconds(1))] },
            plan with { Objectives = [Objective.Duration(0.95, TimeSpan.FromSeconds(1)) with { From = LatencyFrom.Sent }] },
            plan with { Confidence = 0.99 },
            plan with { MaxInFlight = 5000 },
            plan with { WhenFull = InFlightOverflow.Drop },
            plan with { TurnTimeout = TimeSpan.FromSeconds(1) },
            plan with { Drain = TimeSpan.Zero },
        ];

        (plan with { Name = "other" }).Hash.ShouldBe(plan.Hash);
        others.Select(o => o.Hash).Append(plan.Hash).Distinct().Count().ShouldBe(others.Length + 1);
        plan.Hash.Length.ShouldBe(64);
    }

    [Fact]
    public void Names_repeated_phases_apart()
    {
        PhaseNames.Of([LoadPhase.Users(1, 1), LoadPhase.Pause(TimeSpan.FromSeconds(1)), LoadPhase.Users(1, 1), LoadPhase.Rate(1, 1) with { Name = "users-2" }, LoadPhase.Rate(1, 1)])
            .ShouldBe(["users", "pause", "users-3", "users-2", "rate"]);
    }
}

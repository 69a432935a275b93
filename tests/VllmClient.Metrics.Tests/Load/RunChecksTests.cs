using Vllm.Load;
using static Vllm.Tests.Load.HandTurns;

namespace Vllm.Tests.Load;

public sealed class RunChecksTests
{
    static readonly RunFacts Facts = new()
    {
        Plan = new() { Phases = [] },
        Phases = [new() { Index = 0, Name = "rate", Start = 0, End = Ms(1000), Offered = 6 }],
        Turns = [Done(500), Done(500) with { LastContent = null, Ended = null }, Failed(1), Abandoned(1), CutOff(1)],
        LeftOver = [Dropped(900)],
    };

    [Fact]
    public void Everything_offered_is_accounted_for() => Sum(Facts).ShouldBe(new CheckResult
    {
        Name = "check-sum",
        Passed = true,
        Expected = 6,
        Actual = 6,
        Message = "offered = started + dropped + backlog, warm-up included",
    });

    [Fact]
    public void A_turn_too_few_a_lost_outcome_or_a_lost_duration_fails()
    {
        Sum(Facts with { LeftOver = [] }).ShouldBe(new CheckResult
        {
            Name = "check-sum",
            Passed = false,
            Expected = 6,
            Actual = 5,
            Message = "The counts do not add up: 6 turns offered, 5 accounted for; 5 measured turns started, 5 ended, 2 completed, 2 durations.",
        });
        RunChecks.Of(Facts, PhaseFigures.Total(Facts) with { Started = 6 }).Single().Passed.ShouldBe(false);
        RunChecks.Of(Facts, PhaseFigures.Total(Facts) with { Duration = null }).Single().Passed.ShouldBe(false);
    }

    [Fact]
    public void Work_with_a_client_whose_calls_were_never_seen_is_said()
    {
        Calls(Done(1) with { Calls = null }, Failed(1) with { Calls = null })!.ShouldBe(new CheckResult
        {
            Name = "check-calls",
            Passed = false,
            Message = "No call of the client was seen in 1 completed turns, so tokens and first tokens are missing. A TestServer needs PreserveExecutionContext = true; work that starts its calls elsewhere must pass its execution context on.",
        });
        Calls(Done(1) with { Calls = null }, Done(1)).ShouldBeNull();
        Calls(Failed(1) with { Calls = null }).ShouldBeNull();
    }

    static CheckResult Sum(RunFacts facts) => RunChecks.Of(facts, PhaseFigures.Total(facts)).Single();

    static CheckResult? Calls(params TurnRecord[] turns)
    {
        var facts = Facts with { Turns = turns, HasClient = true };
        return RunChecks.Of(facts, PhaseFigures.Total(facts)).ElementAtOrDefault(1);
    }
}

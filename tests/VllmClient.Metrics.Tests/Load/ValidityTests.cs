using Vllm.Load;
using static Vllm.Tests.Load.HandTurns;

namespace Vllm.Tests.Load;

public sealed class ValidityTests
{
    static readonly RunFacts Real = new() { Plan = new() { Phases = [] }, IsReal = true };

    [Fact]
    public void A_run_in_which_no_turn_ended_says_nothing()
    {
        Reasons([Abandoned(1000), Dropped(0)]).ShouldBe(["No turn ended, so there is nothing to judge."]);
        Reasons([Abandoned(1000), CutOff(3000)]).ShouldBe(["No turn ended, so there is nothing to judge: 1 turns were still running after at least 3,000 ms."]);
        Reasons([Failed(1)]).ShouldBeEmpty();
    }

    [Fact]
    public void Of_the_checks_only_that_of_the_counts_touches_the_verdict()
    {
        CheckResult[] checks = [new() { Name = "check-sum", Passed = false, Message = "sum" }, new() { Name = "check-sum", Passed = true, Message = "good" }, new() { Name = "check-calls", Passed = false, Message = "calls" }];

        Validity.Reasons(Real, [Done(1)], checks).ShouldBe(["sum"]);
    }

    [Theory]
    // Of 9 turns none stands for p99, of 10 the 5th, of 50 the 45th, of 100 the 95th, of 499 the 475th, of 500 the 495th.
    [InlineData(9, 9, null)]
    [InlineData(10, 5, null)]
    [InlineData(10, 6, "p50")]
    [InlineData(50, 5, null)]
    [InlineData(50, 6, "p90")]
    [InlineData(100, 5, null)]
    [InlineData(100, 6, "p95")]
    [InlineData(499, 24, null)]
    [InlineData(499, 25, "p95")]
    [InlineData(500, 5, null)]
    [InlineData(500, 6, "p99")]
    public void The_highest_quantile_that_a_short_run_supports_stands_for_p99(int count, int late, string? quantile)
    {
        // The late ones come first, so that their order matters.
        TurnRecord[] turns = [.. Enumerable.Range(0, count).Select(i => Late(i < late ? 30.5 : 0, 0))];

        Reasons(turns).ShouldBe(quantile is null ? [] : [$"Turns began late: {quantile} of the delay is 30.5 ms, the limit 10 ms; the load generator could not keep up: its machine is busy, or the work blocks its thread."]);
        Validity.Reasons(Real with { IsReal = false }, turns, []).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(10.1, "10.1")]
    public void Requests_may_leave_as_late_as_the_limit(double delay, string? said) => Reasons([.. Enumerable.Repeat(Late(0, delay), 10)])
        .ShouldBe(said is null ? [] : [$"Requests left late: p50 of the delay is {said} ms, the limit 10 ms; the client held them back: its machine is busy, or a concurrency gate of its own is in the way."]);

    [Theory]
    [InlineData(20, null)]
    [InlineData(20.1, "20.1")]
    public void The_limit_grows_with_the_median_first_token(double delay, string? said)
    {
        // 6 of 10 have their first token after 400 ms, the others much later, and those that fail count not: 5 % are 20 ms.
        TurnRecord[] turns =
        [
            .. Enumerable.Repeat(Late(delay, 0, 400), 3), .. Enumerable.Repeat(Late(delay, 0, 4000), 4), .. Enumerable.Repeat(Late(delay, 0, 400), 3), .. Enumerable.Repeat(Late(delay, 0, 9000) with { Outcome = TurnOutcome.Failed }, 20),
        ];

        Reasons(turns).ShouldBe(said is null ? [] : [$"Turns began late: p50 of the delay is {said} ms, the limit 20 ms; the load generator could not keep up: its machine is busy, or the work blocks its thread."]);
    }

    [Fact]
    public void Waiting_for_the_ceiling_is_no_delay_of_the_client() =>
        Reasons([.. Enumerable.Repeat(Late(50, 0) with { CeilingWait = Ms(45) }, 10)]).ShouldBeEmpty();

    static IReadOnlyList<string> Reasons(IReadOnlyList<TurnRecord> turns) => Validity.Reasons(Real, turns, []);

    static TurnRecord Late(double dispatch, double send, double first = 100) => new()
    {
        Begun = Ms(dispatch),
        Sent = Ms(dispatch + send),
        FirstContent = Ms(dispatch + send + first),
        Ended = Ms(dispatch + send + first),
        Outcome = TurnOutcome.Completed,
    };
}

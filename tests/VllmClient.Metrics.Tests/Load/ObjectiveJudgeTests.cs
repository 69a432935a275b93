using Vllm.Load;
using Vllm.Statistics;

namespace Vllm.Tests.Load;

/// <summary>Verdicts on turns made by hand; the numbers of turns needed are those of the binomial distribution, worked out on paper.</summary>
public sealed class ObjectiveJudgeTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void A_turn_cut_off_above_the_limit_is_bad()
    {
        // p90 with 0.95: 29 good turns are enough, with one bad one it takes 46, with two 61.
        Judge(Objective.Duration(0.9, Limit), [.. Done(45, 50), CutOff(101)]).Outcome.ShouldBe(Verdict.Met);
        Judge(Objective.Duration(0.9, Limit), [.. Done(44, 50), CutOff(101)]).Outcome.ShouldBe(Verdict.NotEnoughEvidence);
        Judge(Objective.Duration(0.9, Limit), [.. Done(45, 50), CutOff(101)]).Bad.ShouldBe(1);
    }

    [Fact]
    public void A_turn_cut_off_below_the_limit_counts_against_whichever_verdict_it_would_help()
    {
        // Ten of ten bad is not met; with the ten unknown it is neither.
        Judge(Objective.Duration(0.5, Limit), [.. Done(10, 150)]).Outcome.ShouldBe(Verdict.NotMet);
        Judge(Objective.Duration(0.5, Limit), [.. Done(10, 50)]).Outcome.ShouldBe(Verdict.Met);
        var unknown = Judge(Objective.Duration(0.5, Limit), [.. Done(3, 50), .. Enumerable.Range(0, 7).Select(_ => CutOff(99))]);

        unknown.Outcome.ShouldBe(Verdict.NotEnoughEvidence);
        (unknown.Count, unknown.Bad, unknown.CutOff, unknown.NotEnough, unknown.MoreTurns).ShouldBe((10, 0, 7, NotEnoughReason.CutOff, null));
        unknown.Message.ShouldEndWith("0 of 10 above it or failed; 7 cut off after at least 99 ms; it depends on the turns that were cut off: give them more time to drain");
    }

    [Theory]
    [InlineData(90, 0)]
    [InlineData(110, 1)]
    public void A_first_token_that_came_before_the_cut_is_known(int first, long bad)
    {
        var turn = CutOff(5000) with { FirstContent = Ms(first) };

        var result = Judge(Objective.TimeToFirstToken(0.9, Limit), [.. Done(45, 50), turn]);

        result.Bad.ShouldBe(bad);
        result.Outcome.ShouldBe(Verdict.Met);
        result.CutOffAtLeast.ShouldBe(TimeSpan.FromMilliseconds(first));
    }

    [Fact]
    public void How_long_a_turn_ran_says_nothing_about_its_time_per_token()
    {
        var result = Judge(Objective.TimePerOutputToken(0.5, Limit), [.. Done(4, 50), CutOff(60_000)]);

        (result.Bad, result.CutOff, result.CutOffAtLeast, result.Outcome).ShouldBe((0, 1, null, Verdict.NotEnoughEvidence));
    }

    [Fact]
    public void From_sent_counts_from_the_send()
    {
        var late = CutOff(150) with { Sent = Ms(60) };

        Judge(Objective.Duration(0.5, Limit), [late]).Bad.ShouldBe(1);
        Judge(Objective.Duration(0.5, Limit) with { From = LatencyFrom.Sent }, [late]).Bad.ShouldBe(0);
    }

    [Fact]
    public void Turns_cut_off_because_the_run_was_stopped_are_no_failures()
    {
        Judge(Objective.FailedShare(0.1), [.. Done(10, 50), CutOff(5000) with { ErrorIndex = null }]).Count.ShouldBe(10);
        Judge(Objective.FailedShare(0.1), [.. Done(10, 50), CutOff(5000)]).Bad.ShouldBe(1);
    }

    [Fact]
    public void Gaps_are_worth_as_many_turns_as_made_them_and_say_how_many_more_it_takes()
    {
        var gaps = new LogHistogram();
        for (var i = 0; i < 4000; i++) gaps.Add(10_000_000);

        var result = ObjectiveJudge.Judge(Objective.ChunkGap(0.99, Limit), [.. Done(40, 50)], gaps, 0.95);

        // p99 needs 299 turns without a bad one; 40 made the 4,000 gaps.
        (result.Count, result.EffectiveCount, result.Outcome, result.NeededCount, result.MoreTurns).ShouldBe((4000, 40, Verdict.NotEnoughEvidence, 299, 259));
        result.Message.ShouldEndWith("; 259 more turns needed");
    }

    [Fact]
    public void As_many_bad_turns_as_the_limit_allows_is_said_and_no_number_of_turns_promised()
    {
        var result = Judge(Objective.Duration(0.9, Limit), [.. Done(18, 50), .. Done(2, 150)]);

        (result.Outcome, result.NotEnough, result.MoreTurns).ShouldBe((Verdict.NotEnoughEvidence, NotEnoughReason.AtLimit, null));
        result.Message.ShouldEndWith("as many bad turns as the limit allows: more like these cannot show that it is met");
    }

    [Fact]
    public void A_figure_that_no_turn_has_is_said()
    {
        var result = Judge(Objective.TimeToFirstToken(0.5, Limit), [.. Done(100, 50).Select(t => t with { FirstContent = null })]);

        (result.Outcome, result.NotEnough, result.Missing).ShouldBe((Verdict.NotEnoughEvidence, NotEnoughReason.NoFigure, 100));
        result.Message.ShouldBe("TTFT from due p50 <= 100 ms: no turn has this figure");
    }

    static ObjectiveResult Judge(Objective objective, IReadOnlyList<TurnRecord> turns) => ObjectiveJudge.Judge(objective, turns, null, 0.95);

    static IEnumerable<TurnRecord> Done(int count, int milliseconds) => Enumerable.Range(0, count).Select(i => new TurnRecord
    {
        Index = i,
        Begun = 0,
        Sent = 0,
        FirstContent = Ms(milliseconds) / 2,
        LastContent = Ms(milliseconds),
        Ended = Ms(milliseconds),
        OutputTokens = 11,
        Calls = 1,
        Outcome = TurnOutcome.Completed,
    });

    static TurnRecord CutOff(int milliseconds) => new() { Begun = 0, Sent = 0, Ended = Ms(milliseconds), Calls = 1, Outcome = TurnOutcome.CutOff, ErrorIndex = 0 };

    static long Ms(long milliseconds) => milliseconds * TimeSpan.TicksPerMillisecond;
}

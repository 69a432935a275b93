using Vllm.Load;
using Vllm.Statistics;
using static Vllm.Tests.Load.HandTurns;

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
    [InlineData(90, 0, Verdict.Met)]
    [InlineData(100, 0, Verdict.Met)]
    [InlineData(110, 1, Verdict.NotEnoughEvidence)]
    public void A_first_token_that_came_before_the_cut_is_known(int first, long bad, Verdict verdict)
    {
        var turn = CutOff(5000) with { FirstContent = Ms(first) };

        var result = Judge(Objective.TimeToFirstToken(0.9, Limit), [.. Done(44, 50), turn]);

        // 45 turns are enough if none is bad or unknown; with one it takes 46.
        result.Bad.ShouldBe(bad);
        result.Outcome.ShouldBe(verdict);
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
        var result = JudgeGaps(0.99, 40, (4000, 10_000_000));

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

    [Fact]
    public void A_latency_shows_its_quantile_its_interval_and_its_limit()
    {
        // 1 to 100 ms, the longest first: of 100 values the median's interval goes from the 40th to the 61st.
        var result = Judge(Objective.Duration(0.5, Limit) with { From = LatencyFrom.Sent }, [.. Enumerable.Range(0, 100).Select(i => Done(100 - i))]);

        (result.Unit, result.Limit, result.Observed, result.Low, result.High).ShouldBe(("s", 0.1, 0.05, 0.04, 0.061));
        (result.Count, result.Bad, result.EffectiveCount, result.Missing, result.CutOff, result.CutOffAtLeast).ShouldBe((100, 0, 100, 0, 0, null));
        (result.Outcome, result.NeededCount, result.MoreTurns, result.NotEnough).ShouldBe((Verdict.Met, null, null, null));
        result.Message.ShouldBe("duration p50 <= 100 ms: 50 ms [40, 61], 0 of 100 above it or failed");
    }

    [Fact]
    public void A_sample_that_is_too_small_shows_no_quantile()
    {
        var result = Judge(Objective.Duration(0.9, Limit), [.. Done(49, 50)]);

        (result.Observed, result.Low, result.High, result.Outcome).ShouldBe((null, null, null, Verdict.Met));
        result.Message.ShouldBe("duration from due p90 <= 100 ms: too few turns to show it, 0 of 49 above it or failed");
    }

    [Fact]
    public void Failed_and_dropped_turns_miss_every_limit_and_abandoned_ones_count_nowhere()
    {
        var result = Judge(Objective.Duration(0.5, Limit), [.. Done(7, 50), .. Done(1, 101), .. Done(1, 100), Failed(1), Failed(1), Dropped(0), Abandoned(5000)]);

        (result.Count, result.Bad, result.EffectiveCount).ShouldBe((12, 4, 12));
    }

    [Fact]
    public void Turns_without_the_figure_are_missing_and_not_judged()
    {
        var result = Judge(Objective.TimeToFirstToken(0.5, Limit), [.. Done(3, 50), .. Done(2, 50).Select(t => t with { FirstContent = null })]);

        (result.Count, result.Missing).ShouldBe((3, 2));
    }

    [Fact]
    public void Failures_alone_decide_nothing_of_a_figure_that_completed_turns_do_not_have()
    {
        var failures = Enumerable.Repeat(Failed(1), 10).ToList();

        var result = Judge(Objective.TimeToFirstToken(0.5, Limit), [.. Done(2, 50).Select(t => t with { FirstContent = null }), .. failures]);
        (result.Outcome, result.NotEnough, result.Count, result.NeededCount).ShouldBe((Verdict.NotEnoughEvidence, NotEnoughReason.NoFigure, 10, null));

        Judge(Objective.TimeToFirstToken(0.5, Limit), [Done(50) with { FirstContent = null }, .. failures]).NotEnough.ShouldBe(NotEnoughReason.NoFigure);
        Judge(Objective.TimeToFirstToken(0.5, Limit), failures).Outcome.ShouldBe(Verdict.NotMet);
    }

    [Fact]
    public void A_single_turn_tells_something_and_not_enough()
    {
        var result = Judge(Objective.Duration(0.5, Limit), [Done(50)]);

        (result.Count, result.EffectiveCount, result.NotEnough, result.NeededCount, result.MoreTurns).ShouldBe((1, 1, NotEnoughReason.TooFewTurns, 5, 4));
        Judge(Objective.Duration(0.5, Limit), [.. Done(4, 50)]).MoreTurns.ShouldBe(1);
    }

    [Fact]
    public void A_verdict_that_hangs_on_cut_off_turns_is_not_called_the_limit()
    {
        // One of ten is bad, five may be; if they are not, the share is well below a half.
        var result = Judge(Objective.Duration(0.5, Limit), [.. Done(4, 50), .. Done(1, 150), .. Enumerable.Repeat(CutOff(100), 5)]);

        (result.Bad, result.Outcome, result.NotEnough).ShouldBe((1, Verdict.NotEnoughEvidence, NotEnoughReason.CutOff));
    }

    [Fact]
    public void A_failed_share_counts_what_failed_was_dropped_or_never_ended()
    {
        var result = Judge(Objective.FailedShare(0.1), [.. Done(16, 50), Failed(1), Dropped(0), CutOff(3000), CutOff(2000), Abandoned(1)]);

        (result.Unit, result.Limit, result.Observed, result.Count, result.Bad, result.EffectiveCount).ShouldBe(("1", 0.1, 0.2, 20, 4, 20));
        (result.CutOff, result.CutOffAtLeast).ShouldBe((2, TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData(10, 0, 0, 0.3084971078)]
    [InlineData(0, 10, 0.6915028922, 1)]
    [InlineData(0, 1, 0.025, 1)]
    public void A_failed_share_has_an_interval_of_95_per_cent(int done, int failed, double low, double high)
    {
        var result = Judge(Objective.FailedShare(0.5), [.. Done(done, 50), .. Enumerable.Repeat(Failed(1), failed)]);

        // Ten good turns in a row have a probability of 0.025 if 1 - 0.025^(1/10) fail.
        result.Observed.ShouldBe((double)failed / (done + failed));
        result.Low!.Value.ShouldBe(low, 1e-9);
        result.High!.Value.ShouldBe(high, 1e-9);
    }

    [Fact]
    public void Without_a_turn_a_failed_share_is_unknown()
    {
        var result = Judge(Objective.FailedShare(0.1), []);

        (result.Observed, result.Low, result.High, result.EffectiveCount, result.NeededCount, result.NotEnough).ShouldBe((null, null, null, null, null, NotEnoughReason.NoFigure));
        result.CutOffAtLeast.ShouldBeNull();
        result.Message.ShouldBe("failed share <= 10 %: no turn to judge");
    }

    [Fact]
    public void Of_gaps_the_interval_is_that_of_the_turns_that_made_them()
    {
        // p99 of 40 independent values lies between the 38th and none, so of 4,000 between the 3,800th and none; the quantile itself is the 3,960th.
        var result = JudgeGaps(0.99, 40, (3799, 10), (160, 20), (41, 30));

        (result.Observed, result.Low, result.High, result.EffectiveCount).ShouldBe((3e-8, 2e-8, null, 40));
    }

    [Fact]
    public void Turns_without_two_chunks_have_no_gap()
    {
        var turns = Done(4, 50).Zip([null, 1, 2, (int?)3], (turn, chunks) => turn with { Chunks = chunks }).ToList();

        ObjectiveJudge.Judge(Objective.ChunkGap(0.5, Limit), turns, Gaps((10, 100)), 0.95).Missing.ShouldBe(2);
    }

    [Fact]
    public void Without_gaps_there_is_nothing_to_judge()
    {
        var result = Judge(Objective.ChunkGap(0.5, Limit), [.. Done(3, 50)]);

        (result.Count, result.Bad, result.EffectiveCount, result.NotEnough).ShouldBe((0, 0, null, NotEnoughReason.NoFigure));
    }

    [Theory]
    // One bad gap of 4,000 is worth a hundredth of 40 turns, and counts as one against Met: 40 turns would be enough without, not with it.
    [InlineData(0.9, 40, 3999, 1, Verdict.NotEnoughEvidence)]
    // Two of 91 are worth a little more than one of 46, and count as two: 46 turns would be enough with one.
    [InlineData(0.9, 46, 89, 2, Verdict.NotEnoughEvidence)]
    // Two of 11 are worth a little less than one of 5, and count as none towards NotMet: one of 5 would be enough.
    [InlineData(0.99, 5, 9, 2, Verdict.NotEnoughEvidence)]
    [InlineData(0.99, 5, 8, 2, Verdict.NotMet)]
    public void Parts_of_a_bad_turn_count_against_whichever_verdict_they_would_help(double quantile, int turns, int good, int bad, Verdict verdict) =>
        JudgeGaps(quantile, turns, (good, 10), (bad, 200_000_000)).Outcome.ShouldBe(verdict);

    static ObjectiveResult JudgeGaps(double quantile, int turns, params (int Count, long Nanoseconds)[] gaps) =>
        ObjectiveJudge.Judge(Objective.ChunkGap(quantile, Limit), [.. Done(turns, 50)], Gaps(gaps), 0.95);

    static LogHistogram Gaps(params (int Count, long Nanoseconds)[] gaps)
    {
        var histogram = new LogHistogram();
        foreach (var (count, nanoseconds) in gaps)
        {
            for (var i = 0; i < count; i++) histogram.Add(nanoseconds);
        }

        return histogram;
    }

    static ObjectiveResult Judge(Objective objective, IReadOnlyList<TurnRecord> turns) => ObjectiveJudge.Judge(objective, turns, null, 0.95);
}

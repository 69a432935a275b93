using Vllm.Load;

namespace Vllm.Tests.Load;

public sealed class ObjectiveTextTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1500);

    [Fact]
    public void Names_every_figure_and_where_it_begins_if_that_matters()
    {
        Objective[] objectives =
        [
            Objective.TimeToFirstToken(0.95, Limit), Objective.Duration(0.999, Limit), Objective.TimePerOutputToken(0.5, Limit), Objective.ChunkGap(0.99, Limit), Objective.LongestGap(0.9, Limit),
        ];

        objectives.Select(ObjectiveText.Of).ShouldBe(["TTFT from due p95 <= 1,500 ms", "duration from due p99.9 <= 1,500 ms", "TPOT p50 <= 1,500 ms", "chunk gap p99 <= 1,500 ms", "longest gap p90 <= 1,500 ms"]);
        objectives.Select(o => ObjectiveText.Of(o with { From = LatencyFrom.Sent })).Take(2).ShouldBe(["TTFT p95 <= 1,500 ms", "duration p99.9 <= 1,500 ms"]);
    }

    [Fact]
    public void Names_the_phase_that_is_judged() => ObjectiveText.Of(Objective.FailedShare(0.01) with { Phase = "burst" }).ShouldBe("burst: failed share <= 1 %");

    [Theory]
    [InlineData(0.0000049, "0 ms")]
    [InlineData(0.001234, "1.23 ms")]
    [InlineData(0.00994, "9.94 ms")]
    [InlineData(0.01, "10 ms")]
    [InlineData(0.01056, "10.6 ms")]
    [InlineData(0.09994, "99.9 ms")]
    [InlineData(0.10026, "100.3 ms")]
    [InlineData(1.2345, "1,234.5 ms")]
    public void A_time_has_as_many_digits_as_say_something(double seconds, string text) => ObjectiveText.Time(seconds).ShouldBe(text);

    [Theory]
    [InlineData(0.5, "50 %")]
    [InlineData(0.12345678, "12.346 %")]
    // Halves go to the even neighbour.
    [InlineData(0.000625, "0.062 %")]
    public void A_share_is_in_per_cent_with_three_digits(double share, string text) => ObjectiveText.Share(share).ShouldBe(text);

    [Fact]
    public void A_failed_share_says_how_many_failed_and_how_high_the_true_share_may_be()
    {
        // 1 - 0.05^(1/100) = 2.951 %.
        var result = new ObjectiveResult { Objective = Objective.FailedShare(0.05), Observed = 0, Count = 100, Outcome = Verdict.Met };

        ObjectiveText.Of(result, 0.95).ShouldBe("failed share <= 5 %: 0 of 100, at most 2.951 % at 95 %");
    }

    [Fact]
    public void An_end_of_an_interval_that_is_not_known_is_a_dash()
    {
        var result = new ObjectiveResult { Objective = Objective.LongestGap(0.9, Limit), Observed = 0.02, Low = 0.0123, Count = 1000, Bad = 2, Outcome = Verdict.Met };

        ObjectiveText.Of(result, 0.95).ShouldBe("longest gap p90 <= 1,500 ms: 20 ms [12.3, -], 2 of 1,000 above it or failed");
    }

    [Fact]
    public void A_result_made_by_hand_has_an_objective_that_every_run_keeps() => new ObjectiveResult().Objective.ShouldBe(Objective.FailedShare(1));
}

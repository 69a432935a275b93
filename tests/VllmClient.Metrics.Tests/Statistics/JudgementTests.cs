using Vllm.Statistics;

namespace Vllm.Tests.Statistics;

public sealed class JudgementTests
{
    [Theory]
    [InlineData(0.5, 0.95, 0, 5)]
    [InlineData(0.5, 0.95, 1, 8)]
    [InlineData(0.5, 0.95, 2, 11)]
    [InlineData(0.5, 0.95, 3, 13)]
    [InlineData(0.9, 0.95, 0, 29)]
    [InlineData(0.9, 0.95, 1, 46)]
    [InlineData(0.9, 0.95, 2, 61)]
    [InlineData(0.9, 0.95, 3, 76)]
    [InlineData(0.95, 0.95, 0, 59)]
    [InlineData(0.95, 0.95, 1, 93)]
    [InlineData(0.95, 0.95, 2, 124)]
    [InlineData(0.95, 0.95, 3, 153)]
    [InlineData(0.99, 0.95, 0, 299)]
    [InlineData(0.99, 0.95, 1, 473)]
    [InlineData(0.99, 0.95, 2, 628)]
    [InlineData(0.99, 0.95, 3, 773)]
    [InlineData(0.999, 0.95, 0, 2995)]
    [InlineData(0.999, 0.95, 1, 4742)]
    [InlineData(0.5, 0.99, 0, 7)]
    [InlineData(0.9, 0.99, 0, 44)]
    [InlineData(0.95, 0.99, 0, 90)]
    [InlineData(0.99, 0.99, 0, 459)]
    [InlineData(0.999, 0.99, 0, 4603)]
    public void Is_met_from_the_tabled_number_of_turns_and_not_one_earlier(double quantile, double confidence, int bad, int needed)
    {
        var badShare = (double)(1 - (decimal)quantile);

        Judgement.IsMet(needed, bad, badShare, confidence).ShouldBeTrue();
        Judgement.IsMet(needed - 1, bad, badShare, confidence).ShouldBeFalse();
    }

    [Theory]
    [InlineData(100, 10, true)]
    [InlineData(100, 9, false)]
    [InlineData(2, 2, true)]
    [InlineData(1, 1, true)]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, false)]
    public void Is_not_met_if_so_many_bad_turns_would_be_unlikely(int turns, int bad, bool expected) =>
        Judgement.IsNotMet(turns, bad, 0.05, 0.95).ShouldBe(expected);

    [Fact]
    public void Cannot_be_met_and_missed_at_once()
    {
        for (var bad = 0; bad <= 100; bad++)
        {
            (Judgement.IsMet(100, bad, 0.05, 0.95) && Judgement.IsNotMet(100, bad, 0.05, 0.95)).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(0, 50, 0.05, 59L)]
    [InlineData(0, 200, 0.01, 299L)]
    [InlineData(5, 100, 0.05, null)]
    [InlineData(6, 100, 0.05, null)]
    [InlineData(0, 50, 0.0, null)]
    [InlineData(0, 50, 1.0, 1L)]
    [InlineData(1, 1000, 0.05, 93L)]
    [InlineData(1, 60, 0.05, 153L)]
    [InlineData(2, 100, 0.05, 181L)]
    [InlineData(1, 45, 0.05, 208L)]
    [InlineData(3, 100, 0.05, 361L)]
    [InlineData(1, 30, 0.05, 506L)]
    [InlineData(1, 100, 0.02, 590L)]
    [InlineData(7, 200, 0.05, 624L)]
    [InlineData(7, 80, 0.1, 1611L)]
    [InlineData(1, 3, 0.5, 30L)]
    [InlineData(49_999, 1_000_000, 0.05, null)]
    public void Says_how_many_turns_are_needed(int bad, int turns, double badShare, long? needed) =>
        Judgement.Needed(bad, turns, badShare, 0.95).ShouldBe(needed);

    [Fact]
    public void The_needed_number_is_met_at_the_share_seen_and_one_fewer_is_not()
    {
        var needed = Judgement.Needed(2, 100, 0.05, 0.95)!.Value;

        Judgement.IsMet(needed, (needed * 2 + 99) / 100, 0.05, 0.95).ShouldBeTrue();
        Judgement.IsMet(needed - 1, ((needed - 1) * 2 + 99) / 100, 0.05, 0.95).ShouldBeFalse();
    }

    [Fact]
    public void Bounds_a_share_that_was_never_seen()
    {
        // 1 - 0.05^(1/200), the rule of three made exact.
        Judgement.UpperShare(200, 0, 0.05).ShouldBe(1 - Math.Pow(0.05, 1.0 / 200), 1e-12);
        Judgement.LowerShare(200, 0, 0.05).ShouldBe(0);
        Judgement.LowerShare(200, 200, 0.05).ShouldBe(Math.Pow(0.05, 1.0 / 200), 1e-12);
        Judgement.UpperShare(200, 200, 0.05).ShouldBe(1);
    }

    [Fact]
    public void Says_the_number_of_turns_for_a_very_small_share() =>
        // ln 0.05 / ln (1 - 1e-6), rounded up.
        Judgement.Needed(0, 10, 1e-6, 0.95).ShouldBe(2_995_731);

    [Fact]
    public void Promises_no_more_turns_than_any_run_has()
    {
        // By the normal approximation 1.645^2 * 0.05 * 0.95 / 0.000023^2, or 243 million: between the last two numbers of bad turns that are tried, of which the second stands for more than 2^28 turns.
        Judgement.Needed(49_977, 1_000_000, 0.05, 0.95).ShouldBeNull();
        // 1.645^2 * 0.0625 * 0.9375 / 0.000028^2, or 202 million: the second stands for 2^28 turns exactly.
        Judgement.Needed(1, 16, 0.062528, 0.95)!.Value.ShouldBeInRange(195_000_000, 210_000_000);
    }

    [Fact]
    public void A_tie_counts_as_met_and_as_not_met()
    {
        // Half of the time the one turn is bad, or not.
        Judgement.IsMet(2, 0, 0.5, 0.75).ShouldBeTrue();
        Judgement.IsNotMet(2, 2, 0.5, 0.75).ShouldBeTrue();
        Judgement.Needed(0, 1, 0.5, 0.75).ShouldBe(2);
    }

    [Fact]
    public void No_turn_and_nothing_but_bad_turns_meet_no_limit()
    {
        Judgement.IsMet(0, 0, 0.5, 0.95).ShouldBeFalse();
        Judgement.IsMet(50, 50, 0.5, 0.95).ShouldBeFalse();
    }

    [Fact]
    public void Bounds_a_share_that_was_seen_once()
    {
        // 1 - 0.95^(1/200): one bad turn or more in 5 % of the runs; and its mirror image.
        var share = 1 - Math.Pow(0.95, 1.0 / 200);

        Judgement.LowerShare(200, 1, 0.05).ShouldBe(share, 1e-12);
        Judgement.UpperShare(200, 199, 0.05).ShouldBe(1 - share, 1e-12);
    }
}

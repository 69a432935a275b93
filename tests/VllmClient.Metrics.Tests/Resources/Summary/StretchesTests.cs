using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class StretchesTests
{
    // Ticks are seconds: from 2 to 10, with a reading every second.
    static readonly Window Window = new(2, 10, 1, TimeSpan.FromSeconds(1));

    [Fact]
    public void A_counter_grows_evenly_between_its_readings()
    {
        // Half of 20 in 0 to 4; nothing in 4 to 8; a quarter of 8 in 8 to 16.
        var covered = Stretches.Counter([new(0, 10), new(4, 30), new(8, 30), new(16, 38)], Window);

        covered.ShouldBe(new Covered(12, 8, 8, false));
    }

    [Fact]
    public void A_part_is_measured_by_its_whole()
    {
        // Half of 20 of 40 in 0 to 4; all of 4 of 8 in 4 to 8; nothing of nothing in 8 to 9.
        var covered = Stretches.Counter([new(0, 10, 100), new(4, 30, 140), new(8, 34, 148), new(9, 34, 148)], Window);

        covered.ShouldBe(new Covered(14, 28, 7, false));
    }

    [Fact]
    public void A_whole_that_is_told_once_only_grew_by_nothing_known()
    {
        Stretches.Counter([new(2, 10, 100), new(4, 30)], Window).ShouldBe(new Covered(20, 0, 2, false));
        Stretches.Counter([new(2, 10), new(4, 30, 100)], Window).ShouldBe(new Covered(20, 0, 2, false));
    }

    [Fact]
    public void A_counter_that_fell_began_anew()
    {
        Stretches.Counter([new(2, 10), new(4, 30), new(6, 5), new(8, 9)], Window).ShouldBe(new Covered(24, 4, 4, true));
        Stretches.Counter([new(2, 10, 50), new(4, 30, 90), new(6, 30, 80), new(8, 34, 88)], Window).ShouldBe(new Covered(24, 48, 4, true));
    }

    [Theory]
    [InlineData(1.5, 20, false)]
    [InlineData(0.5, 20, false)]
    [InlineData(1.6, 0, true)]
    [InlineData(0.4, 0, true)]
    public void A_counter_whose_owner_lives_anew_began_anew(double life, double sum, bool isBroken)
    {
        var covered = Stretches.Counter([new(2, 10, Life: 1), new(4, 30, Life: life)], Window);

        (covered.Sum, covered.IsBroken).ShouldBe((sum, isBroken));
    }

    [Fact]
    public void A_new_beginning_outside_the_window_breaks_nothing() =>
        Stretches.Counter([new(0, 90), new(2, 10), new(10, 30), new(12, 5)], Window).ShouldBe(new Covered(20, 8, 8, false));

    [Fact]
    public void A_reading_that_tells_nothing_covers_nothing()
    {
        Stretches.Counter([new(2, 10), new(4, null), new(6, 12), new(8, 15)], Window).ShouldBe(new Covered(3, 2, 2, false));
        Stretches.Counter([new(2, 10), new(4, double.NaN), new(6, double.PositiveInfinity), new(8, 15)], Window).ShouldBe(default);
        Stretches.Gauge([new(2, 10), new(4, null), new(6, 12), new(8, 16)], Window).ShouldBe(new Covered(28, 2, 2, false));
    }

    [Fact]
    public void A_single_reading_covers_nothing()
    {
        Stretches.Counter([new(4, 10)], Window).ShouldBe(default);
        Stretches.Gauge([new(4, 10)], Window).ShouldBe(default);
    }

    [Fact]
    public void A_gauge_moves_evenly_between_its_readings()
    {
        // From 15 at 2 to 20 at 3; 20 throughout; from 20 at 9 to 24 at 10, where the window ends.
        var window = Window with { Interval = TimeSpan.FromSeconds(2) };

        var covered = Stretches.Gauge([new(1, 10), new(3, 20), new(9, 20), new(11, 28)], window);

        covered.ShouldBe(new Covered(17.5 + 120 + 22, 8, 8, false));
    }

    [Fact]
    public void A_gauge_does_not_go_on_over_more_than_three_intervals()
    {
        var second = new Window(2000, 10_000, 1000, TimeSpan.FromSeconds(1));

        Stretches.Gauge([new(3000, 5), new(6000, 5)], second).ShouldBe(new Covered(15, 3, 3, false));
        Stretches.Gauge([new(3000, 5), new(6001, 5)], second).ShouldBe(default);
    }
}

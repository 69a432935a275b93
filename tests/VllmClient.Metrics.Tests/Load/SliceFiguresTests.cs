using Vllm.Load;
using static Vllm.Tests.Load.HandTurns;

namespace Vllm.Tests.Load;

public sealed class SliceFiguresTests
{
    const long Second = TimeSpan.TicksPerSecond;

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3 * Second, 3, Second, Second)]
    [InlineData((3 * Second) + 1, 4, Second, 1)]
    [InlineData(7200 * Second, 7200, Second, Second)]
    [InlineData((7200 * Second) + 1, 3601, 2 * Second, 1)]
    [InlineData(7201 * Second, 3601, 2 * Second, Second)]
    public void There_are_as_many_seconds_as_the_run_had_but_at_most_7200_slices(long duration, int count, long first, long last)
    {
        var slices = SliceFigures.Of([], [], duration);

        slices.Count.ShouldBe(count);
        if (count == 0) return;
        (slices[0].Start, slices[0].Width.Ticks).ShouldBe((TimeSpan.Zero, first));
        (slices[^1].Start.Ticks, slices[^1].Width.Ticks).ShouldBe((first * (count - 1), last));
    }

    [Fact]
    public void A_turn_is_in_every_slice_that_it_crosses()
    {
        // In flight from 0.5 s to 2.75 s; 31 tokens, one at 1 s, 20 a second from then on to 2.5 s.
        var slices = SliceFigures.Of([Turn(0, 0, 0, 500, 1000, 2500, 2750, 10, 31)], [], Ms(3500));

        slices.Select(s => s.MeanInFlight).ShouldBe([0.5, 1, 0.75, 0]);
        slices.Select(s => s.OutputTokens).ShouldBe([null, 21, 10, null]);
        slices.Select(s => s.Completed).ShouldBe([0, 0, 1, 0]);
        slices.Select(s => s.TimeToFirstTokenP50).ShouldBe([null, TimeSpan.FromSeconds(0.5), null, null]);
        slices.Select(s => s.TimePerOutputTokenP50).ShouldBe([null, null, TimeSpan.FromMilliseconds(50), null]);
        SliceFigures.Of([CutOff(2000)], [], Ms(3000)).Select(s => s.MeanInFlight).ShouldBe([1, 1, 0]);
    }

    [Fact]
    public void The_last_slice_may_be_shorter_and_its_mean_is_over_what_there_is_of_it() =>
        SliceFigures.Of([CutOff(2500)], [], Ms(2500)).Select(s => (s.Width.TotalSeconds, s.MeanInFlight)).ShouldBe([(1, 1), (1, 1), (0.5, 1)]);

    [Fact]
    public void Outcomes_stand_in_the_slice_of_their_end()
    {
        var slices = SliceFigures.Of([Done(500), Failed(1500), Abandoned(2500), CutOff(1600), CutOff(1700)], [], Ms(3000));

        slices.Select(s => (s.Completed, s.Failed, s.Abandoned, s.CutOff)).ShouldBe([(1, 0, 0, 0), (0, 1, 0, 2), (0, 0, 1, 0)]);
        slices.Select(s => (s.Offered, s.Started)).ShouldBe([(5, 5), (0, 0), (0, 0)]);
    }

    [Fact]
    public void Only_completed_turns_have_times_and_tokens()
    {
        var failed = Done(500) with { Outcome = TurnOutcome.Failed };

        var slice = SliceFigures.Of([failed, Done(600) with { OutputTokens = null, FirstContent = null }], [], Second).Single();

        (slice.TimeToFirstTokenP50, slice.TimePerOutputTokenP50, slice.OutputTokens, slice.Completed, slice.Failed).ShouldBe((null, null, null, 1, 1));
    }

    [Fact]
    public void A_median_is_the_middle_one_whatever_the_order_of_the_turns() =>
        SliceFigures.Of([Done(900), Done(300), Done(600)], [], Second).Single().TimeToFirstTokenP50.ShouldBe(TimeSpan.FromMilliseconds(300));

    [Fact]
    public void What_waits_is_backlog_until_it_begins_or_is_given_up()
    {
        TurnRecord[] turns = [Turn(0, 500, 1500, 1500, null, null, 1600, null, null), Dropped(700) with { CeilingWait = Ms(2000) }, Dropped(999.9999)];

        var slices = SliceFigures.Of(turns, [Dropped(2100)], Ms(4000));

        slices.Select(s => s.Backlog).ShouldBe([2, 1, 1, 1]);
        slices.Select(s => s.Dropped).ShouldBe([2, 0, 0, 0]);
        slices.Select(s => s.Offered).ShouldBe([3, 0, 1, 0]);
    }
}

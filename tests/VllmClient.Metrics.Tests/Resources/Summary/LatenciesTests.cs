using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class LatenciesTests
{
    static readonly double[] Bounds = [0.1, 0.5, double.PositiveInfinity];

    // Ticks are seconds. Requests end in the first, second and last bucket.
    static ServerSample At(int second, int first, int second2, int last, double sum, int restarts = 0, double[]? bounds = null) => new()
    {
        Timestamp = second,
        Restarts = restarts,
        EndToEnd = new() { Count = first + second2 + last, Sum = sum, UpperBounds = bounds ?? Bounds, CumulativeCounts = [first, first + second2, first + second2 + last] },
    };

    static ServerLatency? Latency(int from, int to, params ServerSample[] readings) =>
        Latencies.Of([.. readings], new(from, to, 1, TimeSpan.FromSeconds(1))).GetValueOrDefault("endToEnd");

    [Fact]
    public void Latencies_are_those_that_ended_between_the_readings_next_to_the_window()
    {
        // From the reading at 4 to that at 8: 4 in the first bucket, 6 in the second.
        var latency = Latency(5, 9, At(0, 0, 0, 0, 0), At(4, 1, 0, 0, 0.25), At(8, 5, 6, 0, 2.75), At(12, 9, 9, 9, 99)).ShouldNotBeNull();

        (latency.Count, latency.MeanSeconds, latency.IsAtLeast).ShouldBe((10, 0.25, false));
        // Rank 5 is the first of 6 above 0.1; ranks 9.5 and 9.9 are 5.5 and 5.9 of them.
        latency.P50!.Estimate!.Value.ShouldBe(0.1 + (0.4 / 6), 1e-12);
        latency.P95!.Estimate!.Value.ShouldBe(0.1 + (0.4 * 5.5 / 6), 1e-12);
        latency.P99!.Estimate!.Value.ShouldBe(0.1 + (0.4 * 5.9 / 6), 1e-12);
    }

    [Fact]
    public void Growth_adds_up_over_several_readings()
    {
        var latency = Latency(0, 12, At(0, 10, 10, 10, 30), At(4, 12, 10, 10, 30.25), At(8, 12, 16, 10, 32.25), At(12, 12, 16, 12, 42.5)).ShouldNotBeNull();

        (latency.Count, latency.MeanSeconds).ShouldBe((10, 1.25));
        (latency.P50!.Lower, latency.P50.Upper, latency.P50.Count).ShouldBe((0.1, 0.5, 10));
        (latency.P95!.Estimate, latency.P95.Lower, latency.P95.Upper).ShouldBe((null, 0.5, null));
    }

    [Fact]
    public void Readings_at_the_windows_own_ends_belong_to_it()
    {
        var latency = Latency(4, 8, At(0, 0, 0, 0, 0), At(4, 1, 0, 0, 1), At(8, 3, 0, 0, 4), At(12, 9, 0, 0, 9)).ShouldNotBeNull();

        (latency.Count, latency.MeanSeconds).ShouldBe((2, 1.5));
    }

    [Fact]
    public void Before_the_first_reading_there_is_only_what_came_after_it() =>
        Latency(0, 8, At(4, 1, 0, 0, 1), At(8, 3, 0, 0, 4)).ShouldNotBeNull().Count.ShouldBe(2);

    [Fact]
    public void A_window_without_two_readings_has_no_latencies()
    {
        Latency(5, 7, At(4, 1, 0, 0, 1), At(8, 3, 0, 0, 4)).ShouldBeNull();
        Latency(5, 9).ShouldBeNull();
        Latency(0, 3, At(4, 1, 0, 0, 1), At(8, 3, 0, 0, 4)).ShouldBeNull();
    }

    [Fact]
    public void A_window_in_which_no_request_ended_has_no_latencies() =>
        Latency(4, 8, At(4, 1, 2, 3, 6), At(8, 1, 2, 3, 6)).ShouldBeNull();

    [Fact]
    public void A_single_request_has_its_latency() =>
        Latency(4, 8, At(4, 1, 2, 3, 6), At(8, 2, 2, 3, 6.0625)).ShouldNotBeNull().MeanSeconds.ShouldBe(0.0625);

    [Fact]
    public void A_server_that_began_anew_loses_what_ended_in_between()
    {
        var fallen = Latency(0, 12, At(0, 5, 0, 0, 5), At(4, 7, 0, 0, 8), At(8, 1, 0, 0, 1), At(12, 2, 0, 0, 3)).ShouldNotBeNull();
        var restarted = Latency(0, 12, At(0, 5, 0, 0, 5), At(4, 7, 0, 0, 8), At(8, 9, 0, 0, 9, restarts: 1), At(12, 10, 0, 0, 11, restarts: 1)).ShouldNotBeNull();

        (fallen.Count, fallen.MeanSeconds, fallen.IsAtLeast).ShouldBe((3, 5.0 / 3, true));
        (restarted.Count, restarted.MeanSeconds, restarted.IsAtLeast).ShouldBe((3, 5.0 / 3, true));
    }

    [Fact]
    public void A_server_that_stood_still_did_not_begin_anew() =>
        Latency(0, 8, At(0, 5, 0, 0, 5), At(4, 5, 0, 0, 5), At(8, 6, 0, 0, 7)).ShouldNotBeNull().IsAtLeast.ShouldBeFalse();

    [Fact]
    public void A_reading_without_the_histogram_is_passed_over()
    {
        var none = new ServerSample { Timestamp = 4 };

        var latency = Latency(0, 16, At(0, 5, 0, 0, 5), none, At(8, 7, 0, 0, 8), At(12, 9, 0, 0, 12)).ShouldNotBeNull();

        (latency.Count, latency.MeanSeconds, latency.IsAtLeast).ShouldBe((2, 2, false));
    }

    [Fact]
    public void Buckets_that_changed_leave_the_mean_alone()
    {
        double[] others = [0.2, 0.5, double.PositiveInfinity];

        // Between the two readings; and between one pair of readings and the next.
        var within = Latency(0, 4, At(0, 5, 0, 0, 5), At(4, 7, 0, 0, 8, bounds: others)).ShouldNotBeNull();
        var later = Latency(0, 12, At(0, 5, 0, 0, 5), At(4, 7, 0, 0, 8), At(8, 7, 0, 0, 8, bounds: others), At(12, 9, 0, 0, 12, bounds: others)).ShouldNotBeNull();

        (within.Count, within.MeanSeconds, within.P50, within.P95, within.P99).ShouldBe((2, 1.5, null, null, null));
        (later.Count, later.MeanSeconds, later.P50).ShouldBe((4, 1.75, null));
    }
}

using Vllm.Statistics;

namespace Vllm.Tests.Statistics;

public sealed class DistributionsTests
{
    [Fact]
    public void Describes_a_sample_exactly()
    {
        List<long> ticks = [.. Enumerable.Range(1, 100).Reverse().Select(n => (long)n * TimeSpan.TicksPerMillisecond)];

        var distribution = Distributions.OfTicks(ticks, missing: 3);

        distribution.Count.ShouldBe(100);
        distribution.Missing.ShouldBe(3);
        distribution.EffectiveCount.ShouldBe(100);
        distribution.Mean.ShouldBe(TimeSpan.FromMilliseconds(50.5));
        distribution.Min.ShouldBe(TimeSpan.FromMilliseconds(1));
        distribution.Max.ShouldBe(TimeSpan.FromMilliseconds(100));
        distribution.P50.ShouldBe(new() { Value = Ms(50), Low = Ms(40), High = Ms(61) });
        distribution.P95.ShouldBe(new() { Value = Ms(95), Low = Ms(90), High = Ms(100) });
        distribution.P99.ShouldBeNull();
        // The variance of 1..n with n - 1 is n (n + 1) / 12.
        distribution.StandardDeviation.ShouldBe(TimeSpan.FromTicks((long)Math.Round(Math.Sqrt(100 * 101 / 12.0) * TimeSpan.TicksPerMillisecond)));
        distribution.Histogram.Sum(b => b.Count).ShouldBe(100);
    }

    [Fact]
    public void Shows_nothing_that_an_empty_or_single_sample_cannot_support()
    {
        var empty = Distributions.OfTicks([], missing: 2);

        (empty.Count, empty.Missing, empty.Mean, empty.Min, empty.Max, empty.P50).ShouldBe((0, 2, null, null, null, null));
        empty.Histogram.ShouldBeEmpty();
        Distributions.OfCounts([7], missing: 0).StandardDeviation.ShouldBeNull();
        Distributions.OfCounts([7], missing: 0).P50.ShouldBeNull();
        Distributions.OfCounts([7], missing: 0).Mean.ShouldBe(7);
    }

    [Fact]
    public void Shows_every_quantile_of_a_sample_of_five_thousand()
    {
        var distribution = Distributions.OfCounts([.. Enumerable.Range(1, 5000).Select(n => (long)n)], missing: 0);

        (distribution.P50?.Value, distribution.P90?.Value, distribution.P95?.Value, distribution.P99?.Value, distribution.P999?.Value).ShouldBe((2500, 4500, 4750, 4950, 4995));
    }

    [Fact]
    public void Two_values_have_a_deviation() =>
        // Each lies 1 from the mean, and n - 1 is 1.
        Distributions.OfCounts([1, 3], missing: 0).StandardDeviation!.Value.ShouldBe(Math.Sqrt(2), 1e-15);

    [Fact]
    public void Histograms_hold_nanoseconds_and_tokens()
    {
        Distributions.OfTicks([1], missing: 0).Histogram.ShouldBe([new(100, 1)]);
        Distributions.OfCounts([7], missing: 0).Histogram.ShouldBe([new(7, 1)]);
    }

    [Fact]
    public void Describes_a_histogram_of_nanoseconds_in_ticks()
    {
        var histogram = new LogHistogram();
        for (var tick = 1; tick <= 100; tick++) histogram.Add(tick * TimeSpan.NanosecondsPerTick);

        var distribution = Distributions.OfNanoseconds(histogram, missing: 3, effective: 250);

        (distribution.Count, distribution.Missing, distribution.EffectiveCount).ShouldBe((100, 3, 100));
        // 5,050 ns are 50.5 ticks, and a half goes to the even one.
        distribution.Mean.ShouldBe(new TimeSpan(50));
        (distribution.Min, distribution.Max).ShouldBe((new TimeSpan(1), new TimeSpan(100)));
        distribution.P50.ShouldBe(new() { Value = new(50), Low = new(40), High = new(61) });
    }

    [Fact]
    public void A_histogram_worth_fewer_independent_values_has_wider_intervals()
    {
        var histogram = new LogHistogram();
        for (var tick = 1; tick <= 200; tick++) histogram.Add(tick * TimeSpan.NanosecondsPerTick);

        // Ranks 40 and 61 of 100 independent values stand for 80 and 122 of 200.
        Distributions.OfNanoseconds(histogram, missing: 0, effective: 100).P50.ShouldBe(new() { Value = new(100), Low = new(80), High = new(122) });
    }

    [Fact]
    public void A_histogram_of_nothing_or_one_value_shows_what_it_can()
    {
        var one = new LogHistogram();
        one.Add(500);

        var empty = Distributions.OfNanoseconds(new LogHistogram(), missing: 4, effective: 0);
        var single = Distributions.OfNanoseconds(one, missing: 0, effective: 1);

        (empty.Count, empty.Missing, empty.Mean, empty.Min, empty.Max).ShouldBe((0, 4, null, null, null));
        (single.Count, single.Mean, single.Min, single.Max, single.StandardDeviation).ShouldBe((1, new TimeSpan(5), new TimeSpan(5), new TimeSpan(5), null));
    }

    static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}

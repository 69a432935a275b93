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
        distribution.Mean.ShouldBe(0.0505);
        distribution.Min.ShouldBe(0.001);
        distribution.Max.ShouldBe(0.1);
        distribution.P50.ShouldBe(new Quantile(0.05, 0.04, 0.061));
        distribution.P95.ShouldBe(new Quantile(0.095, 0.09, 0.1));
        distribution.P99.ShouldBeNull();
        // The variance of 1..n with n - 1 is n (n + 1) / 12.
        distribution.StandardDeviation!.Value.ShouldBe(Math.Sqrt(100 * 101 / 12.0) / 1000, 1e-15);
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
    public void Describes_a_histogram_of_nanoseconds_in_seconds()
    {
        var histogram = new LogHistogram();
        for (var value = 1; value <= 100; value++) histogram.Add(value);

        var distribution = Distributions.OfNanoseconds(histogram, missing: 3, effective: 250);

        (distribution.Count, distribution.Missing, distribution.EffectiveCount).ShouldBe((100, 3, 100));
        distribution.Mean!.Value.ShouldBe(50.5e-9, 1e-20);
        (distribution.Min, distribution.Max).ShouldBe((1e-9, 1e-7));
        distribution.P50.ShouldBe(new Quantile(50 / 1e9, 40 / 1e9, 61 / 1e9));
    }

    [Fact]
    public void A_histogram_worth_fewer_independent_values_has_wider_intervals()
    {
        var histogram = new LogHistogram();
        for (var value = 1; value <= 200; value++) histogram.Add(value);

        // Ranks 40 and 61 of 100 independent values stand for 80 and 122 of 200.
        Distributions.OfNanoseconds(histogram, missing: 0, effective: 100).P50.ShouldBe(new Quantile(100 / 1e9, 80 / 1e9, 122 / 1e9));
    }

    [Fact]
    public void A_histogram_of_nothing_or_one_value_shows_what_it_can()
    {
        var one = new LogHistogram();
        one.Add(5);

        var empty = Distributions.OfNanoseconds(new LogHistogram(), missing: 4, effective: 0);
        var single = Distributions.OfNanoseconds(one, missing: 0, effective: 1);

        (empty.Count, empty.Missing, empty.Mean, empty.Min, empty.Max).ShouldBe((0, 4, null, null, null));
        (single.Count, single.Mean, single.Min, single.Max, single.StandardDeviation).ShouldBe((1, 5e-9, 5e-9, 5e-9, null));
    }
}

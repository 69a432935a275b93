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
}

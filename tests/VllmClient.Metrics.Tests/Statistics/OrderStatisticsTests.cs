using Vllm.Statistics;

namespace Vllm.Tests.Statistics;

public sealed class OrderStatisticsTests
{
    [Theory]
    [InlineData(100, 0.5, 40L, 61L)]
    [InlineData(100, 0.95, 90L, 100L)]
    [InlineData(1000, 0.95, 936L, 964L)]
    [InlineData(1000, 0.99, 983L, 997L)]
    [InlineData(50, 0.95, 44L, null)]
    [InlineData(5, 0.5, null, null)]
    [InlineData(6, 0.5, 1L, 6L)]
    [InlineData(10, 0.5, 2L, 9L)]
    public void Finds_the_ranks_of_the_95_percent_interval(int n, double p, long? low, long? high) =>
        OrderStatistics.Interval(n, n, p).ShouldBe((low, high));

    [Theory]
    [InlineData(0.5, 10)]
    [InlineData(0.9, 50)]
    [InlineData(0.95, 100)]
    [InlineData(0.99, 500)]
    [InlineData(0.999, 5000)]
    public void Shows_a_quantile_from_the_fifth_value_expected_above_it(double p, int needed)
    {
        OrderStatistics.IsShown(needed, p).ShouldBeTrue();
        OrderStatistics.IsShown(needed - 1, p).ShouldBeFalse();
    }

    [Theory]
    [InlineData(4, 0.5, 2)]
    [InlineData(5, 0.5, 3)]
    [InlineData(100, 0.95, 95)]
    [InlineData(100, 0.55, 55)]
    [InlineData(300, 0.99, 297)]
    [InlineData(1, 0.99, 1)]
    public void Takes_the_nearest_rank(int n, double p, int rank) => OrderStatistics.Rank(n, p).ShouldBe(rank);

    [Fact]
    public void The_quantile_of_a_sample_is_one_of_its_values()
    {
        OrderStatistics.Quantile([1, 2, 4, 8], 0.5).ShouldBe(2);
        OrderStatistics.Quantile([1, 2, 4, 8], 0.51).ShouldBe(4);
        OrderStatistics.Quantile([3], 0.99).ShouldBe(3);
    }

    [Fact]
    public void Scaled_ranks_are_rounded_outward() =>
        // Ranks 2 and 9 of 10 stand for 3.8 and 17.1 of 19.
        OrderStatistics.Interval(19, 10, 0.5).ShouldBe((3, 18));

    [Fact]
    public void Scales_the_ranks_of_a_dependent_sample_outward()
    {
        // 500 independent values have p95 ranks 465 and 485 of 500; in a sample of 1,000 they stand for 930 and 970.
        var (low, high) = OrderStatistics.Interval(500, 500, 0.95);

        OrderStatistics.Interval(1000, 500, 0.95).ShouldBe((low * 2, high * 2));
    }

    [Fact]
    public void An_interval_holds_the_true_quantile_as_often_as_it_says()
    {
        const int Runs = 500, N = 200;
        var random = new Random(7);
        var hits = 0;
        var (low, high) = OrderStatistics.Interval(N, N, 0.9);
        for (var run = 0; run < Runs; run++)
        {
            var sample = Enumerable.Range(0, N).Select(_ => random.NextDouble()).Order().ToArray();
            if (sample[(int)low! - 1] <= 0.9 && sample[(int)high! - 1] >= 0.9) hits++;
        }

        (hits / (double)Runs).ShouldBeInRange(0.94, 0.99);
    }
}

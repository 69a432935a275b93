using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Vllm.Statistics;

namespace Vllm.Tests.Statistics;

public sealed class LogHistogramTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(127, 127)]
    [InlineData(128, 128)]
    [InlineData(255, 255)]
    [InlineData(256, 256)]
    [InlineData(257, 256)]
    [InlineData(511, 383)]
    [InlineData(512, 384)]
    [InlineData(1_000_000, 1780)]
    public void Puts_a_value_into_the_bucket_of_the_definition(long value, int bucket)
    {
        // e = floor(log2 v); bucket = (e - 7) * 128 + (v >> (e - 7)), worked by hand.
        LogHistogram.BucketOf(value).ShouldBe(bucket);
    }

    [Fact]
    public void A_bucket_is_never_further_than_0_4_percent_from_its_values()
    {
        for (var value = 1L; value < 1L << 50; value += (value / 97) + 1)
        {
            var middle = LogHistogram.MiddleOf(LogHistogram.BucketOf(value));

            Math.Abs(middle - value).ShouldBeLessThanOrEqualTo(value * 0.004);
            if (value < 256) middle.ShouldBe(value);
        }
    }

    [Property]
    public bool Merged_histograms_equal_one_that_recorded_all(NonNegativeInt[] first, NonNegativeInt[] second)
    {
        LogHistogram left = new(), right = new(), all = new();
        foreach (var value in first.Select(v => v.Get))
        {
            left.Add(value);
            all.Add(value);
        }

        foreach (var value in second.Select(v => v.Get))
        {
            right.Add(value);
            all.Add(value);
        }

        left.Add(right);
        return left.Buckets().SequenceEqual(all.Buckets()) && left.Sum == all.Sum && left.SquareSum == all.SquareSum
            && left.Min == all.Min && left.Max == all.Max && left.Count == all.Count;
    }

    [Fact]
    public void Counts_what_lies_above_a_limit()
    {
        var histogram = new LogHistogram();
        foreach (var value in (long[])[1, 5, 5, 100]) histogram.Add(value);

        histogram.CountAbove(4).ShouldBe(3);
        histogram.CountAbove(5).ShouldBe(1);
        histogram.ValueAt(1).ShouldBe(1);
        histogram.ValueAt(3).ShouldBe(5);
        histogram.ValueAt(4).ShouldBe(100);
    }
}

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

        histogram.CountAbove(0).ShouldBe(4);
        histogram.CountAbove(4).ShouldBe(3);
        histogram.CountAbove(5).ShouldBe(1);
        histogram.ValueAt(1).ShouldBe(1);
        histogram.ValueAt(3).ShouldBe(5);
        histogram.ValueAt(4).ShouldBe(100);
        histogram.ValueAt(5).ShouldBe(100);
    }

    [Theory]
    [InlineData(255, 255)]
    [InlineData(256, 256.5)]
    [InlineData(383, 510.5)]
    [InlineData(384, 513.5)]
    [InlineData(1780, 1_001_471.5)]
    public void A_bucket_stands_for_the_middle_of_its_values(int bucket, double middle)
    {
        // 256 and 257; 510 and 511; 512 to 515; and from 244.5 * 4,096 on, or 999,424, the next 4,096.
        LogHistogram.MiddleOf(bucket).ShouldBe(middle);
    }

    [Fact]
    public void Keeps_every_value_whatever_the_order()
    {
        var histogram = new LogHistogram();
        foreach (var value in (long[])[1_000_000, 0, 5]) histogram.Add(value);

        histogram.Buckets().ShouldBe([new(0, 1), new(5, 1), new(1780, 1)]);
        (histogram.Count, histogram.Min, histogram.Max).ShouldBe((3, 0, 1_000_000));
        ((long)histogram.Sum, (long)histogram.SquareSum).ShouldBe((1_000_005, 1_000_000_000_025));
    }

    [Fact]
    public void A_zero_is_a_value_like_any_other()
    {
        var histogram = new LogHistogram();
        histogram.Add(0);

        (histogram.Min, histogram.Max, histogram.ValueAt(1)).ShouldBe((0, 0, 0));
        histogram.Add(5);
        (histogram.ValueAt(1), histogram.ValueAt(2)).ShouldBe((0, 5));
    }

    [Theory]
    [InlineData(5, 1_000_000)]
    [InlineData(1_000_000, 5)]
    public void Takes_in_a_histogram_of_another_size(long first, long second)
    {
        LogHistogram one = new(), other = new();
        one.Add(first);
        other.Add(second);

        one.Add(other);

        one.Buckets().ShouldBe([new(5, 1), new(1780, 1)]);
        (one.Count, one.Min, one.Max).ShouldBe((2, 5, 1_000_000));
        ((long)one.Sum, (long)one.SquareSum).ShouldBe((1_000_005, 1_000_000_000_025));
    }
}

using System.Numerics;

namespace Vllm.Statistics;

/// <summary>A log-linear histogram of non-negative integers: exact below 128, 128 buckets for each doubling above. Sums are integers, so the order of recording leaves no trace.</summary>
sealed class LogHistogram
{
    const int SubBuckets = 128;
    const int SubBits = 7;

    long[] _counts = [];

    /// <summary>Values recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Their exact sum.</summary>
    public Int128 Sum { get; private set; }

    /// <summary>The exact sum of their squares.</summary>
    public UInt128 SquareSum { get; private set; }

    /// <summary>The smallest; meaningless without values.</summary>
    public long Min { get; private set; } = long.MaxValue;

    /// <summary>The largest; meaningless without values.</summary>
    public long Max { get; private set; }

    /// <summary>The bucket of a value.</summary>
    public static int BucketOf(long value)
    {
        if (value < SubBuckets) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return (shift * SubBuckets) + (int)(value >> shift);
    }

    /// <summary>The middle of a bucket, which stands for all its values; at most 0.4 % from each of them.</summary>
    public static double MiddleOf(int bucket)
    {
        if (bucket < 2 * SubBuckets) return bucket;
        var shift = (bucket / SubBuckets) - 1;
        var low = (long)(bucket - (shift * SubBuckets)) << shift;
        return low + (((1L << shift) - 1) / 2.0);
    }

    public void Add(long value)
    {
        var bucket = BucketOf(value);
        if (bucket >= _counts.Length) Array.Resize(ref _counts, ((bucket / SubBuckets) + 1) * SubBuckets);
        _counts[bucket]++;
        Count++;
        Sum += value;
        SquareSum += Math.BigMul((ulong)value, (ulong)value);
        Min = Math.Min(Min, value);
        Max = Math.Max(Max, value);
    }

    public void Add(LogHistogram other)
    {
        if (other._counts.Length > _counts.Length) Array.Resize(ref _counts, other._counts.Length);
        for (var i = 0; i < other._counts.Length; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        Sum += other.Sum;
        SquareSum += other.SquareSum;
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The middle of the bucket that holds the value of a rank, counted from 1.</summary>
    public double ValueAt(long rank)
    {
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank) return MiddleOf(i);
        }

        return Max;
    }

    /// <summary>How many values lie in buckets whose middle is above a limit.</summary>
    public long CountAbove(double limit)
    {
        long count = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            if (MiddleOf(i) > limit) count += _counts[i];
        }

        return count;
    }

    /// <summary>The buckets that hold anything, ascending.</summary>
    public IReadOnlyList<HistogramBucket> Buckets()
    {
        var buckets = new List<HistogramBucket>();
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0) buckets.Add(new(i, _counts[i]));
        }

        return buckets;
    }
}

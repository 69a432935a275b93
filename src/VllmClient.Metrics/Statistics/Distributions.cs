namespace Vllm.Statistics;

/// <summary>Makes distributions of samples and of histograms.</summary>
static class Distributions
{
    /// <summary>Describes times, given in ticks of 100 ns, in seconds. The list is sorted in place.</summary>
    public static Distribution OfTicks(List<long> ticks, long missing) => Of(ticks, missing, TimeSpan.TicksPerSecond, TimeSpan.NanosecondsPerTick);

    /// <summary>Describes counts. The list is sorted in place.</summary>
    public static Distribution OfCounts(List<long> counts, long missing) => Of(counts, missing, 1, 1);

    /// <summary>Describes a histogram of nanoseconds in seconds.</summary>
    /// <param name="histogram">The histogram.</param>
    /// <param name="missing">Turns without a value.</param>
    /// <param name="effective">How many independent values it is worth.</param>
    public static Distribution OfNanoseconds(LogHistogram histogram, long missing, long effective)
    {
        const double Unit = 1e9;
        return histogram.Count == 0
            ? new() { Missing = missing }
            : Describe(histogram, missing, Math.Min(effective, histogram.Count), Unit, histogram.Min / Unit, histogram.Max / Unit, rank => histogram.ValueAt(rank) / Unit);
    }

    static Distribution Of(List<long> values, long missing, long perUnit, long histogramScale)
    {
        var n = values.Count;
        if (n == 0) return new() { Missing = missing };
        values.Sort();
        var histogram = new LogHistogram();
        foreach (var value in values) histogram.Add(value * histogramScale);
        return Describe(
            histogram, missing, EffectiveSample.Count(n), perUnit * histogramScale,
            (double)values[0] / perUnit, (double)values[^1] / perUnit, rank => (double)values[(int)rank - 1] / perUnit);
    }

    // Means come from the histogram's whole sums; ends and quantiles from wherever they are exact.
    static Distribution Describe(LogHistogram histogram, long missing, long effective, double unit, double min, double max, Func<long, double> valueAt)
    {
        var n = histogram.Count;
        return new()
        {
            Count = n,
            Missing = missing,
            EffectiveCount = effective,
            Mean = (double)histogram.Sum / n / unit,
            StandardDeviation = n < 2 ? null : Deviation(n, histogram.Sum, histogram.SquareSum) / unit,
            Min = min,
            Max = max,
            P50 = At(0.5),
            P90 = At(0.9),
            P95 = At(0.95),
            P99 = At(0.99),
            P999 = At(0.999),
            Histogram = histogram.Buckets(),
        };

        Quantile? At(double p) => MakeQuantile(n, effective, p, valueAt);
    }

    static Quantile? MakeQuantile(long n, long effective, double p, Func<long, double> valueAt)
    {
        if (!OrderStatistics.IsShown(n, p)) return null;
        var (low, high) = OrderStatistics.Interval(n, effective, p);
        return new(valueAt(OrderStatistics.Rank(n, p)), low is { } l ? valueAt(l) : null, high is { } h ? valueAt(h) : null);
    }

    // From whole sums: n * sum of squares - square of the sum is exact, so nothing cancels.
    static double Deviation(long n, Int128 sum, UInt128 squares)
    {
        var numerator = (System.Numerics.BigInteger)squares * n - ((System.Numerics.BigInteger)sum * sum);
        return Math.Sqrt((double)numerator / n / (n - 1));
    }
}

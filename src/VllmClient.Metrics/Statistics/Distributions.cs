namespace Vllm.Statistics;

/// <summary>Makes distributions of samples and of histograms.</summary>
static class Distributions
{
    /// <summary>Describes times, given in ticks of 100 ns. The list is sorted in place.</summary>
    public static Distribution<TimeSpan> OfTicks(List<long> ticks, long missing) =>
        Of(ticks, missing, TimeSpan.NanosecondsPerTick, TimeSpan.FromTicks, Time);

    /// <summary>Describes counts. The list is sorted in place.</summary>
    public static Distribution<double> OfCounts(List<long> counts, long missing) =>
        Of(counts, missing, 1, static count => count, static value => value);

    /// <summary>Describes a histogram of nanoseconds.</summary>
    /// <param name="histogram">The histogram.</param>
    /// <param name="missing">Turns without a value.</param>
    /// <param name="effective">How many independent values it is worth.</param>
    public static Distribution<TimeSpan> OfNanoseconds(LogHistogram histogram, long missing, long effective) => histogram.Count == 0
        ? new() { Missing = missing }
        : Describe(histogram, missing, Math.Min(effective, histogram.Count), Time, Time(histogram.Min), Time(histogram.Max), rank => Time(histogram.ValueAt(rank)));

    static Distribution<T> Of<T>(List<long> values, long missing, long histogramScale, Func<long, T> exact, Func<double, T> fromHistogram)
        where T : struct
    {
        var n = values.Count;
        if (n == 0) return new() { Missing = missing };
        values.Sort();
        var histogram = new LogHistogram();
        foreach (var value in values) histogram.Add(value * histogramScale);
        return Describe(histogram, missing, EffectiveSample.Count(n), fromHistogram, exact(values[0]), exact(values[^1]), rank => exact(values[(int)rank - 1]));
    }

    // Means come from the histogram's whole sums; ends and quantiles from wherever they are exact.
    static Distribution<T> Describe<T>(LogHistogram histogram, long missing, long effective, Func<double, T> fromHistogram, T min, T max, Func<long, T> valueAt)
        where T : struct
    {
        var n = histogram.Count;
        return new()
        {
            Count = n,
            Missing = missing,
            EffectiveCount = effective,
            Mean = fromHistogram((double)histogram.Sum / n),
            StandardDeviation = n < 2 ? null : fromHistogram(Deviation(n, histogram.Sum, histogram.SquareSum)),
            Min = min,
            Max = max,
            P50 = At(0.5),
            P90 = At(0.9),
            P95 = At(0.95),
            P99 = At(0.99),
            P999 = At(0.999),
            Histogram = histogram.Buckets(),
        };

        Quantile<T>? At(double p) => MakeQuantile(n, effective, p, valueAt);
    }

    static Quantile<T>? MakeQuantile<T>(long n, long effective, double p, Func<long, T> valueAt)
        where T : struct
    {
        if (!OrderStatistics.IsShown(n, p)) return null;
        var (low, high) = OrderStatistics.Interval(n, effective, p);
        return new()
        {
            Value = valueAt(OrderStatistics.Rank(n, p)),
            Low = low is { } l ? valueAt(l) : null,
            High = high is { } h ? valueAt(h) : null,
        };
    }

    static TimeSpan Time(double nanoseconds) => TimeSpan.FromTicks((long)Math.Round(nanoseconds / TimeSpan.NanosecondsPerTick));

    // From whole sums: n * sum of squares - square of the sum is exact, so nothing cancels.
    static double Deviation(long n, Int128 sum, UInt128 squares)
    {
        var numerator = (System.Numerics.BigInteger)squares * n - ((System.Numerics.BigInteger)sum * sum);
        return Math.Sqrt((double)numerator / n / (n - 1));
    }
}

namespace Vllm.Statistics;

/// <summary>Nearest-rank quantiles and the ranks that bound them.</summary>
static class OrderStatistics
{
    const double Tail = 0.025;

    /// <summary>The rank, from 1, of the nearest-rank quantile: ceil(p * n).</summary>
    public static long Rank(long n, double p) => Math.Clamp((long)Math.Ceiling((decimal)p * n), 1, n);

    /// <summary>Whether a sample is large enough to show a quantile: at least five values are expected above it.</summary>
    public static bool IsShown(long n, double p) => n * (1 - (decimal)p) >= 5;

    /// <summary>The nearest-rank quantile of an ascending, not empty sample.</summary>
    public static long Quantile(ReadOnlySpan<long> sorted, double p) => sorted[(int)Rank(sorted.Length, p) - 1];

    /// <summary>The ranks, from 1, that hold the true quantile between them with 95 % confidence; null where the sample does not reach.</summary>
    /// <param name="n">Size of the sample.</param>
    /// <param name="effective">How many independent values it is worth.</param>
    /// <param name="p">The quantile.</param>
    public static (long? Low, long? High) Interval(long n, long effective, double p)
    {
        // Largest l with P(Bin <= l-1) <= 0.025, smallest u with P(Bin <= u-1) >= 0.975.
        var low = Search(effective, k => Binomial.AtMost(effective, p, k) > Tail);
        var high = Search(effective, k => Binomial.AtMost(effective, p, k) >= 1 - Tail) + 1;
        long? lower = low == 0 ? null : low * n / effective;
        long? upper = high > effective ? null : ((high * n) + effective - 1) / effective;
        return (lower, upper);
    }

    // The smallest k from 0 on for which a condition holds that holds for all larger ones.
    static long Search(long n, Func<long, bool> holds)
    {
        long from = 0, to = n;
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            if (holds(middle)) to = middle;
            else from = middle + 1;
        }

        return from;
    }
}

namespace Vllm.Statistics;

/// <summary>The binomial distribution, summed outward from its largest term, so that neither a small share nor a large number loses digits.</summary>
static class Binomial
{
    const double Negligible = 1e-25;

    /// <summary>P(Bin(n, p) &lt;= k).</summary>
    public static double AtMost(long n, double p, long k)
    {
        var (below, above) = Split(n, p, k);
        return below / (below + above);
    }

    /// <summary>P(Bin(n, p) >= k).</summary>
    public static double AtLeast(long n, double p, long k)
    {
        var (below, above) = Split(n, p, k - 1);
        return above / (below + above);
    }

    // The terms up to k and those above it, relative to the largest. A tail that lies wholly beyond the
    // negligible terms comes out as 0, which is what it is to any confidence asked for.
    static (double Below, double Above) Split(long n, double p, long k)
    {
        var mode = Math.Clamp((long)Math.Floor((n + 1) * p), 0, n);
        var odds = p / (1 - p);
        double below = 0, above = 0;
        if (mode <= k) below = 1;
        else above = 1;
        var term = 1.0;
        for (var i = mode; i > 0 && term > Negligible; i--)
        {
            term *= i / ((n - i + 1) * odds);
            if (i - 1 <= k) below += term;
            else above += term;
        }

        term = 1.0;
        for (var i = mode; i < n && term > Negligible; i++)
        {
            term *= (n - i) * odds / (i + 1);
            if (i + 1 <= k) below += term;
            else above += term;
        }

        return (below, above);
    }
}

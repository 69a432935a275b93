namespace Vllm.Statistics;

/// <summary>Decides from a number of bad turns whether the true share of bad turns keeps a limit.</summary>
/// <remarks>Definition: measuring.md#verdicts.</remarks>
static class Judgement
{
    // More turns than any run has, and few enough that their binomial sums are quick.
    const long MostTurns = 1L << 28;
    // Against the last bit of 1 - 0.95, which would turn a tie into a miss.
    const double Rounding = 1e-12;

    /// <summary>Whether so few bad turns would be unlikely if the true share of bad turns were the limit.</summary>
    /// <param name="effective">Independent turns.</param>
    /// <param name="bad">Bad ones among them.</param>
    /// <param name="badShare">The limit of the bad share.</param>
    /// <param name="confidence">The confidence asked for.</param>
    public static bool IsMet(long effective, long bad, double badShare, double confidence) =>
        Binomial.AtMost(effective, badShare, bad) <= 1 - confidence + Rounding;

    /// <summary>Whether so many bad turns would be unlikely if the true share of bad turns were the limit.</summary>
    /// <inheritdoc cref="IsMet" path="/param"/>
    public static bool IsNotMet(long effective, long bad, double badShare, double confidence) =>
        effective > 0 && Binomial.AtLeast(effective, badShare, bad) <= 1 - confidence + Rounding;

    /// <summary>The smallest number of turns that is enough for "met" at a share of bad turns seen; null if none is.</summary>
    /// <param name="seenBad">Bad turns seen.</param>
    /// <param name="seen">Turns seen, at least 1.</param>
    /// <param name="badShare">The limit of the bad share.</param>
    /// <param name="confidence">The confidence asked for.</param>
    public static long? Needed(long seenBad, long seen, double badShare, double confidence)
    {
        if ((double)seenBad / seen >= badShare) return null;
        if (seenBad == 0) return Unbroken(badShare, confidence);

        // With v bad turns the number of turns lies in ((v - 1) * seen / seenBad, v * seen / seenBad].
        long Most(long v) => (long)((Int128)v * seen / seenBad);
        bool Feasible(long v) => IsMet(Most(v), v, badShare, confidence);
        long high = 1;
        while (!Feasible(high))
        {
            high *= 2;
            if (Most(high) > MostTurns) return null;
        }

        var low = high / 2;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (Feasible(middle)) high = middle;
            else low = middle;
        }

        return Smallest(Most(high - 1) + 1, Most(high), high, badShare, confidence);
    }

    /// <summary>The share that the true one exceeds with no more than the given probability, seeing so many bad turns.</summary>
    public static double UpperShare(long seen, long bad, double tail) =>
        Bisect(share => Binomial.AtMost(seen, share, bad) > tail);

    /// <summary>The share that the true one undercuts with no more than the given probability, seeing so many bad turns.</summary>
    public static double LowerShare(long seen, long bad, double tail) =>
        bad <= 0 ? 0 : Bisect(share => Binomial.AtLeast(seen, share, bad) <= tail);

    static double Bisect(Func<double, bool> below)
    {
        double low = 0, high = 1;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (below(middle)) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    // So many good turns in a row, and no bad one, are unlikely enough: the tail is a plain power of the good share.
    static long Unbroken(double badShare, double confidence) =>
        Math.Max(1, (long)Math.Ceiling(Math.Log(1 - confidence + Rounding) / double.LogP1(-badShare)));

    static long Smallest(long from, long to, long bad, double badShare, double confidence)
    {
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            if (IsMet(middle, bad, badShare, confidence)) to = middle;
            else from = middle + 1;
        }

        return from;
    }
}

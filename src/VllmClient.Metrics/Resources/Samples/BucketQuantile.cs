namespace Vllm.Resources;

/// <summary>A quantile as far as buckets tell: somewhere above <paramref name="Lower"/>, at most <paramref name="Upper"/>.</summary>
/// <param name="Estimate">Linear within the bucket, in the histogram's unit; null in the last bucket, which has no upper bound.</param>
/// <param name="Lower">Lower bound of the bucket, exclusive; 0 for the first.</param>
/// <param name="Upper">Upper bound of the bucket; null for the last, which has none.</param>
/// <param name="Count">Values that the quantile is of.</param>
/// <remarks>Definition: measuring.md#bucket-quantile.</remarks>
public sealed record BucketQuantile(double? Estimate, double Lower, double? Upper, long Count)
{
    /// <summary>The quantile of the values counted between two readings; null if there are none, or no common buckets.</summary>
    /// <param name="before">The earlier reading; null: since the server's start.</param>
    /// <param name="after">The later reading.</param>
    /// <param name="probability">Which quantile, 0 to 1; 0.5 is the median.</param>
    public static BucketQuantile? Between(ServerHistogram? before, ServerHistogram after, double probability)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1);
        var edges = after.UpperBounds;
        if (edges.Count == 0 || (before is not null && !Same(before.UpperBounds, edges))) return null;
        var total = Difference(before, after, edges.Count - 1);
        if (total <= 0) return null;
        var rank = probability * total;
        for (var i = 0; i < edges.Count; i++)
        {
            var reached = Difference(before, after, i);
            if (reached < rank || reached <= 0) continue;
            var lower = i == 0 ? 0 : edges[i - 1];
            var below = i == 0 ? 0 : Difference(before, after, i - 1);
            if (double.IsPositiveInfinity(edges[i])) return new(null, lower, null, total);
            return new(reached == below ? edges[i] : lower + ((edges[i] - lower) * Math.Max(0, rank - below) / (reached - below)), lower, edges[i], total);
        }

        return null;
    }

    static long Difference(ServerHistogram? before, ServerHistogram after, int i) => after.CumulativeCounts[i] - (before?.CumulativeCounts[i] ?? 0);

    static bool Same(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++)
            if (!a[i].Equals(b[i])) return false;
        return true;
    }
}

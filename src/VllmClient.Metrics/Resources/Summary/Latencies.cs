namespace Vllm.Resources;

/// <summary>A server's own latencies in a window: the growth of its histograms, over a restart that of the unbroken parts. Pure.</summary>
static class Latencies
{
    public static Dictionary<string, ServerLatency> Of(List<ServerSample> readings, Window window)
    {
        var latencies = new Dictionary<string, ServerLatency>(StringComparer.Ordinal);
        // Buckets cannot be cut, so that the window is that of the readings next to its ends.
        var first = Math.Max(0, readings.FindLastIndex(reading => reading.Timestamp <= window.From));
        var last = readings.FindLastIndex(reading => reading.Timestamp <= window.To);
        foreach (var (key, histogram) in FigureTable.Latencies)
            if (Latency(readings[first..(last + 1)], histogram) is { } latency) latencies[key] = latency;
        return latencies;
    }

    static ServerLatency? Latency(List<ServerSample> readings, Func<ServerSample, ServerHistogram?> of)
    {
        ServerHistogram? sum = null;
        var broken = false;
        for (var i = 1; i < readings.Count; i++)
        {
            var (before, after) = (of(readings[i - 1]), of(readings[i]));
            if (before is null || after is null) continue;
            if (readings[i].Restarts != readings[i - 1].Restarts || after.Count < before.Count) broken = true;
            else sum = Plus(sum, before, after);
        }

        if (sum is null || sum.Count == 0) return null;
        return new(sum.Count, sum.Sum / sum.Count, Quantile(0.5), Quantile(0.95), Quantile(0.99), broken);

        BucketQuantile? Quantile(double probability) => BucketQuantile.Between(null, sum, probability);
    }

    static ServerHistogram Plus(ServerHistogram? sum, ServerHistogram before, ServerHistogram after)
    {
        var (count, total) = ((sum?.Count ?? 0) + after.Count - before.Count, (sum?.Sum ?? 0) + after.Sum - before.Sum);
        var bounds = after.UpperBounds;
        if (!bounds.SequenceEqual(before.UpperBounds) || (sum is not null && !bounds.SequenceEqual(sum.UpperBounds))) return new() { Count = count, Sum = total };
        var counts = new long[bounds.Count];
        for (var i = 0; i < counts.Length; i++) counts[i] = (sum?.CumulativeCounts[i] ?? 0) + after.CumulativeCounts[i] - before.CumulativeCounts[i];
        return new() { Count = count, Sum = total, UpperBounds = bounds, CumulativeCounts = counts };
    }
}

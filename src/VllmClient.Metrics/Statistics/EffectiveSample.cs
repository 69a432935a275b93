namespace Vllm.Statistics;

/// <summary>How many independent values a sample is worth.</summary>
static class EffectiveSample
{
    /// <summary>The number of values itself: neighbours are taken to be independent.</summary>
    public static long Count(long values) => values;
}

namespace Vllm.Resources;

/// <summary>Turns the floating-point numbers of pages into what they stand for; what cannot be one is absent.</summary>
static class PageNumbers
{
    // Above 2^53 a double no longer counts by ones.
    const double MostWhole = 1L << 53;

    /// <summary>A count or a number of bytes.</summary>
    public static long? Whole(double? value) => value is >= 0 and <= MostWhole ? (long)Math.Round(value.Value) : null;

    /// <summary>A counter of seconds.</summary>
    public static TimeSpan? Seconds(double? value) => value is >= 0 and < 1e11 ? TimeSpan.FromTicks((long)Math.Round(value.Value * TimeSpan.TicksPerSecond)) : null;

    /// <summary>A finite number of zero or more.</summary>
    public static double? Positive(double? value) => value is >= 0 && double.IsFinite(value.Value) ? value : null;

    /// <summary>A sum that is absent until something was added.</summary>
    public static void Add(ref double? sum, double value) => sum = (sum ?? 0) + value;
}

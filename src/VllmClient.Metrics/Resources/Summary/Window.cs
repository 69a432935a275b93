namespace Vllm.Resources;

/// <summary>A window of a recording, in raw timestamps.</summary>
readonly record struct Window(long From, long To, long Frequency, TimeSpan Interval)
{
    public double Seconds => SecondsOf(To - From);

    /// <summary>The longest pause between two readings over which a gauge is taken to have gone on.</summary>
    public double BridgeSeconds => 3 * Interval.TotalSeconds;

    public double SecondsOf(long ticks) => (double)ticks / Frequency;

    public bool Holds(long stamp) => stamp >= From && stamp <= To;

    /// <summary>The part of a stretch between two readings that lies within the window; false if none does.</summary>
    public bool TryCut(long start, long end, out double firstShare, out double lastShare)
    {
        firstShare = lastShare = 0;
        var (a, b) = (Math.Max(start, From), Math.Min(end, To));
        if (b <= a) return false;
        firstShare = (double)(a - start) / (end - start);
        lastShare = (double)(b - start) / (end - start);
        return true;
    }
}

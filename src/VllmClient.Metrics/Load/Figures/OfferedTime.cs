namespace Vllm.Load;

/// <summary>How many turns were due in how long a time, for the rate at which they were offered: the drain is no part of it.</summary>
/// <remarks>Definition: measuring.md#rates.</remarks>
readonly record struct OfferedTime(long Count, long Ticks)
{
    /// <summary>Turns due per second; null if they were all due at once.</summary>
    public double? PerSecond => Ticks > 0 ? Count / ((double)Ticks / TimeSpan.TicksPerSecond) : null;

    /// <summary>Of one phase. Where it ends with its last turn and not by time, the turns from the first until just before the last, over the time between those two.</summary>
    public static OfferedTime Of(PhaseFacts phase, RunFacts facts)
    {
        if (phase.IsTimed) return new(phase.Offered, phase.End - phase.Start);
        var due = facts.TurnsOf(phase).Concat(facts.LeftOver.Where(t => t.Phase == phase.Index)).Select(t => t.Due).ToList();
        if (due.Count == 0) return default;
        var last = due.Max();
        return new(due.Count(d => d < last), last - due.Min());
    }

    public static OfferedTime operator +(OfferedTime a, OfferedTime b) => new(a.Count + b.Count, a.Ticks + b.Ticks);
}

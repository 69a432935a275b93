namespace Vllm.Load;

/// <summary>Turns raw timestamps into ticks of 100 ns since the run started.</summary>
sealed class RunClock(TimeProvider provider)
{
    /// <summary>The clock behind it.</summary>
    public TimeProvider Provider => provider;

    /// <summary>Raw timestamp of the start.</summary>
    public long Origin { get; } = provider.GetTimestamp();

    /// <summary>The start by the wall clock.</summary>
    public DateTimeOffset StartedAt { get; } = provider.GetUtcNow();

    /// <summary>Whether the clock is the system's own.</summary>
    public bool IsReal { get; } = ReferenceEquals(provider, TimeProvider.System);

    /// <summary>Now.</summary>
    public long Now => At(provider.GetTimestamp());

    /// <summary>The moment of a raw timestamp.</summary>
    public long At(long timestamp) => provider.GetElapsedTime(Origin, timestamp).Ticks;

    /// <summary>The raw timestamp of a moment.</summary>
    public long TimestampOf(long ticks) => Origin + (long)((decimal)ticks * provider.TimestampFrequency / TimeSpan.TicksPerSecond);
}

namespace Vllm.Load;

/// <summary>Requests at a rate, whether or not earlier ones are answered.</summary>
public sealed record RatePhase : LoadPhase
{
    /// <summary>Requests per second, above 0.</summary>
    public double PerSecond { get; init; }

    /// <summary>Requests sent; null if <see cref="Duration"/> ends the phase.</summary>
    public int? Requests { get; init; }

    /// <summary>How long requests are sent; null if <see cref="Requests"/> ends the phase.</summary>
    public TimeSpan? Duration { get; init; }
}

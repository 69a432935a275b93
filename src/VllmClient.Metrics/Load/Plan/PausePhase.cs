namespace Vllm.Load;

/// <summary>Time in which nothing is sent.</summary>
public sealed record PausePhase : LoadPhase
{
    /// <summary>How long; above 0.</summary>
    public TimeSpan Duration { get; init; }
}

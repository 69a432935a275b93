namespace Vllm.Load;

/// <summary>A fixed number of users, each of whom sends the next request when the last is answered.</summary>
public sealed record UsersPhase : LoadPhase
{
    /// <summary>Users, at least 1.</summary>
    public int Count { get; init; }

    /// <summary>Requests of all users together; null if <see cref="Duration"/> ends the phase.</summary>
    public int? Requests { get; init; }

    /// <summary>How long requests are sent; null if <see cref="Requests"/> ends the phase.</summary>
    public TimeSpan? Duration { get; init; }
}

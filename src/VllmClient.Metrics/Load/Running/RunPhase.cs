namespace Vllm.Load;

/// <summary>A phase while it runs. The director alone changes it, but for the counters and the end of a counted phase.</summary>
sealed class RunPhase
{
    /// <summary>The number of the warm-up in turn records.</summary>
    public const int WarmUpIndex = 255;

    long _end = long.MaxValue;
    long _claimed;

    /// <summary>Position in the plan; 255 for the warm-up.</summary>
    public required int Index { get; init; }

    public required string Name { get; init; }

    public required LoadPhase Phase { get; init; }

    /// <summary>Whether each user has one turn only, as in the automatic warm-up of counted users.</summary>
    public bool OncePerUser { get; init; }

    public bool IsWarmUp => Index == WarmUpIndex;

    /// <summary>Users, or turns per second; null in a pause.</summary>
    public double? Target => Phase switch { UsersPhase users => users.Count, RatePhase rate => rate.PerSecond, _ => null };

    /// <summary>When it began; -1 if it has not.</summary>
    public long Start { get; set; } = -1;

    /// <summary>When it ended or will end; <see cref="long.MaxValue"/> while nobody knows.</summary>
    public long End { get => Volatile.Read(ref _end); set => Volatile.Write(ref _end, value); }

    public TurnCounters Counters { get; } = new();

    /// <summary>Takes one item of a users' phase for a user who is ready; the last item of a counted phase ends it.</summary>
    public bool TryClaim(long ready)
    {
        if (Phase is not UsersPhase { Requests: { } requests }) return true;
        var claimed = Interlocked.Increment(ref _claimed);
        if (claimed == requests) End = ready;
        return claimed <= requests;
    }
}

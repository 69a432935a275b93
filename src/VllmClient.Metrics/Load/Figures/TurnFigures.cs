namespace Vllm.Load;

/// <summary>The figures of one turn, in ticks; null where there is none.</summary>
static class TurnFigures
{
    public static long? TimeToFirstToken(in TurnRecord turn) => turn.FirstContent - turn.Sent;

    public static long? TimeToFirstTokenFromDue(in TurnRecord turn) => turn.FirstContent - turn.Due;

    public static long? Duration(in TurnRecord turn) => End(turn) - turn.Sent;

    public static long? DurationFromDue(in TurnRecord turn) => End(turn) - turn.Due;

    public static long? FailedDuration(in TurnRecord turn) => turn.Ended - turn.Sent;

    public static long? SendDelay(in TurnRecord turn) => turn.Sent - turn.Begun;

    /// <summary>From due to begun, less the wait for the ceiling, which is the server's doing.</summary>
    public static long? DispatchDelay(in TurnRecord turn) => turn.Begun - turn.Due - (turn.CeilingWait ?? 0);

    public static long? LongestGap(in TurnRecord turn) => turn.LongestGap is { } gap ? gap * TimeSpan.TicksPerMicrosecond : null;

    /// <summary>Time from first to last content per token after the first content, to the nearest tick; the tokens of several calls or choices cannot be told apart.</summary>
    public static long? TimePerOutputToken(in TurnRecord turn)
    {
        if (turn.HasSeveralChoices || turn.Calls > 1 || turn.OutputTokens is not { } tokens) return null;
        var rest = tokens - (turn.FirstChunkTokens ?? 1);
        return rest > 0 && turn.LastContent - turn.FirstContent is { } time ? ((2 * time) + rest) / (2L * rest) : null;
    }

    // The caller's own work ends when it says so; a call ends with its last content.
    static long? End(in TurnRecord turn) => turn.Calls is null ? turn.Ended : turn.LastContent ?? turn.Ended;
}

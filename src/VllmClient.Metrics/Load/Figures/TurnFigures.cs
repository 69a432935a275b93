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

    /// <summary>Whether the drain ended while the turn ran; a turn that was cut off because the run was stopped is not meant.</summary>
    public static bool IsCutByDrain(in TurnRecord turn) => turn is { Outcome: TurnOutcome.CutOff, ErrorIndex: not null };

    /// <summary>Whether the turn counts as bad whatever its times are: it failed, never began, or never ended.</summary>
    public static bool IsBad(in TurnRecord turn) => turn.Outcome is TurnOutcome.Failed or TurnOutcome.Dropped || IsCutByDrain(turn);

    public static long? LongestGap(in TurnRecord turn) => turn.LongestGap is { } gap ? gap * TimeSpan.TicksPerMicrosecond : null;

    /// <summary>A figure that objectives can limit, for a completed turn. A turn's chunk gaps are kept elsewhere, so the longest stands for them.</summary>
    public static long? Of(LoadFigure figure, LatencyFrom from, in TurnRecord turn) => (figure, from) switch
    {
        (LoadFigure.TimeToFirstToken, LatencyFrom.Due) => TimeToFirstTokenFromDue(turn),
        (LoadFigure.TimeToFirstToken, _) => TimeToFirstToken(turn),
        (LoadFigure.Duration, LatencyFrom.Due) => DurationFromDue(turn),
        (LoadFigure.Duration, _) => Duration(turn),
        (LoadFigure.TimePerOutputToken, _) => TimePerOutputToken(turn),
        _ => LongestGap(turn),
    };

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

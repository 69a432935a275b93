namespace Vllm.Load;

/// <summary>What is known of the figures of turns that were cut off: they never ended, so a time is known only to be at least as long as they ran.</summary>
/// <remarks>Definition: measuring.md#cut-off.</remarks>
static class CutOffFigures
{
    /// <summary>The least that a figure of a cut-off turn can be, in ticks, and whether that is its very value; null where nothing is known.</summary>
    public static (long? AtLeast, bool IsExact) Of(LoadFigure figure, LatencyFrom from, in TurnRecord turn)
    {
        var start = from == LatencyFrom.Due ? turn.Due : turn.Sent;
        return figure switch
        {
            LoadFigure.TimeToFirstToken => ((turn.FirstContent ?? turn.Ended) - start, turn.FirstContent is not null),
            LoadFigure.Duration => (turn.Ended - start, false),
            // The record counts the gap that was open when the turn was cut off.
            LoadFigure.LongestGap or LoadFigure.ChunkGap => (TurnFigures.LongestGap(turn), false),
            // How fast tokens would have come from there on is not known.
            _ => (null, false),
        };
    }

    /// <summary>The least that a figure of any of these turns can be; null where nothing is known of any.</summary>
    public static long? Least(LoadFigure figure, LatencyFrom from, IReadOnlyList<TurnRecord> cutOff) => cutOff.Min(turn => Of(figure, from, turn).AtLeast);
}

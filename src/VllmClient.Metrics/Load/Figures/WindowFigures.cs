namespace Vllm.Load;

/// <summary>What happened in a window of time [start, end), whichever phase the turns belong to; all exact.</summary>
static class WindowFigures
{
    /// <summary>Turns that completed in the window.</summary>
    public static long Completed(IEnumerable<TurnRecord> turns, long start, long end) =>
        turns.Count(t => t.Outcome == TurnOutcome.Completed && t.Ended >= start && t.Ended < end);

    /// <summary>Turns in flight, averaged over the window.</summary>
    public static double MeanInFlight(IEnumerable<TurnRecord> turns, long start, long end)
    {
        if (end <= start) return 0;
        long overlap = 0;
        foreach (var turn in turns)
        {
            if (turn is { Sent: { } sent, Ended: { } ended }) overlap += Math.Max(0, Math.Min(ended, end) - Math.Max(sent, start));
        }

        return (double)overlap / (end - start);
    }

    /// <summary>Most turns in flight at one moment of the window.</summary>
    public static long PeakInFlight(IEnumerable<TurnRecord> turns, long start, long end) =>
        Peak(turns.Where(t => t.Sent is not null && t.Ended is not null).Select(t => (t.Sent!.Value, t.Ended!.Value)), start, end);

    /// <summary>Most turns due and not begun at one moment of the window.</summary>
    public static long PeakBacklog(IEnumerable<TurnRecord> turns, long start, long end) =>
        // A turn that waited in vain until the run gave it up was backlog until then.
        Peak(turns.Select(t => (t.Due, Until: t.Begun ?? t.Due + t.CeilingWait)).Where(t => t.Until is not null).Select(t => (t.Due, t.Until!.Value)), start, end);

    /// <summary>Output tokens that arrived in the window, prompt tokens with them if asked for; null if no turn knows its tokens.</summary>
    public static double? Tokens(IEnumerable<TurnRecord> turns, long start, long end, bool withInput)
    {
        double tokens = 0;
        var isKnown = false;
        foreach (var turn in turns)
        {
            if (turn.Outcome != TurnOutcome.Completed || turn.OutputTokens is null) continue;
            isKnown = true;
            tokens += TokensOf(turn, start, end);
            if (withInput && IsIn(turn.FirstContent ?? turn.LastContent ?? turn.Ended, start, end)) tokens += turn.InputTokens ?? 0;
        }

        return isKnown ? tokens : null;
    }

    /// <summary>Output tokens of one turn that arrived in the window: the first content's at once, the rest evenly up to the last content.</summary>
    public static double TokensOf(in TurnRecord turn, long start, long end)
    {
        var all = turn.OutputTokens ?? 0;
        if (turn.FirstContent is not { } first || turn.LastContent is not { } last) return IsIn(turn.LastContent ?? turn.Ended, start, end) ? all : 0;
        var atOnce = last > first ? Math.Min(all, turn.FirstChunkTokens ?? 1) : all;
        double tokens = IsIn(first, start, end) ? atOnce : 0;
        if (last > first) tokens += (all - atOnce) * (double)Math.Max(0, Math.Min(last, end) - Math.Max(first, start)) / (last - first);
        return tokens;
    }

    static bool IsIn(long? tick, long start, long end) => tick >= start && tick < end;

    // Sweep: at equal ticks ends come before starts, so turns that only touch do not overlap.
    static long Peak(IEnumerable<(long From, long To)> spans, long start, long end)
    {
        var events = new List<(long At, int Change)>();
        foreach (var (from, to) in spans)
        {
            var (low, high) = (Math.Max(from, start), Math.Min(to, end));
            if (low >= high) continue;
            events.Add((low, 1));
            events.Add((high, -1));
        }

        events.Sort();
        long level = 0, peak = 0;
        foreach (var (_, change) in events) peak = Math.Max(peak, level += change);
        return peak;
    }
}

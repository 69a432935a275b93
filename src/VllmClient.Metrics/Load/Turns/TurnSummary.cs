namespace Vllm.Load;

/// <summary>Makes one record of what a turn's calls, or its foreign work, showed.</summary>
static class TurnSummary
{
    /// <summary>The record: sent as its first call was, content as its last call had it, tokens of all.</summary>
    public static TurnRecord Of(TurnContext turn, IReadOnlyList<CallTrace> calls, ForeignTrace? foreign, TurnOutcome outcome)
    {
        var record = new TurnRecord
        {
            Index = turn.Index,
            Due = turn.Due,
            Begun = turn.Begun,
            Ended = turn.Ended,
            CeilingWait = turn.QueuedAt < 0 ? null : turn.Begun - turn.QueuedAt,
            User = turn.User,
            Phase = turn.Phase.Index,
            Outcome = outcome,
        };
        record = calls.Count == 0 ? record with { Sent = turn.Begun } : WithCalls(record, calls);
        return foreign is null ? record : WithForeign(record, foreign);
    }

    /// <summary>The call that holds the answer which the user sees: the one begun last that completed, else the one begun last.</summary>
    public static CallTrace? Answer(IReadOnlyList<CallTrace> calls)
    {
        CallTrace? answer = null;
        foreach (var call in calls)
        {
            if (answer is null || (IsCompleted(call), call.Order).CompareTo((IsCompleted(answer), answer.Order)) >= 0) answer = call;
        }

        return answer;
    }

    /// <summary>When a call's answer was whole: its last content, or its end where nothing is streamed or nothing came.</summary>
    public static long? LastContentOf(CallTrace call) => IsCompleted(call)
        ? call.IsStream && call.LastContent >= 0 ? call.LastContent : call.Closed
        : null;

    public static bool IsCompleted(CallTrace call) => call is { HasEnded: true, Outcome: VllmCallOutcome.Completed };

    /// <summary>The call as one sample of its step.</summary>
    public static CallSample Sample(CallTrace call) => new(
        call.Step ?? "unknown",
        call.Order,
        call.HasEnded && call.Outcome is not (VllmCallOutcome.Completed or VllmCallOutcome.Cancelled or VllmCallOutcome.Abandoned),
        IsCompleted(call),
        call is { FirstContent: >= 0, Sent: >= 0 } ? call.FirstContent - call.Sent : -1,
        LastContentOf(call) is { } last && call.Sent >= 0 ? last - call.Sent : -1);

    static TurnRecord WithCalls(TurnRecord record, IReadOnlyList<CallTrace> calls)
    {
        var answer = Answer(calls)!;
        var first = calls.Where(c => c.FirstSent >= 0).MinBy(c => c.Order);
        return record with
        {
            Sent = Known(first?.Sent ?? -1),
            FirstContent = Known(answer.FirstContent),
            LastContent = LastContentOf(answer),
            InputTokens = Sum(calls, u => u.PromptTokens),
            OutputTokens = Sum(calls, u => u.CompletionTokens),
            CachedTokens = Sum(calls, u => u.CachedTokens),
            Chunks = answer.FirstContent >= 0 ? answer.Chunks : null,
            LongestGap = Microseconds(LongestGap(record, answer.LongestGap, answer.LastContent)),
            FirstChunkTokens = answer.FirstTokens,
            HasSeveralChoices = answer.HasSeveralChoices,
            Attempts = calls.Sum(c => c.Attempts),
            Calls = calls.Count,
        };
    }

    static TurnRecord WithForeign(TurnRecord record, ForeignTrace foreign)
    {
        if (foreign.First >= 0)
        {
            record = record with
            {
                FirstContent = foreign.First,
                LastContent = foreign.Last >= 0 ? foreign.Last : record.LastContent,
                Chunks = foreign.Chunks > 0 ? foreign.Chunks : record.Chunks,
                LongestGap = foreign.Chunks > 0 ? Microseconds(LongestGap(record, foreign.LongestGap, foreign.Last)) : record.LongestGap,
                FirstChunkTokens = foreign.FirstTokens ?? record.FirstChunkTokens,
            };
        }

        return record with
        {
            InputTokens = foreign.Input ?? record.InputTokens,
            OutputTokens = foreign.Output ?? record.OutputTokens,
            CachedTokens = foreign.Cached ?? record.CachedTokens,
        };
    }

    // A stream that was cut off has one more gap: the silence in which it ended.
    static long LongestGap(in TurnRecord record, long longest, long lastContent) =>
        record is { Outcome: TurnOutcome.CutOff, Ended: { } ended } && lastContent >= 0 ? Math.Max(longest, ended - lastContent) : longest;

    static long? Known(long tick) => tick < 0 ? null : tick;

    static int? Microseconds(long ticks) => ticks < 0 ? null : (int)Math.Min(ticks / TimeSpan.TicksPerMicrosecond, int.MaxValue);

    // One completed call without a count leaves the sum unknown: a part would look like the whole.
    static int? Sum(IReadOnlyList<CallTrace> calls, Func<Usage, int?> count)
    {
        int? sum = null;
        foreach (var call in calls)
        {
            if (!IsCompleted(call)) continue;
            if (call.Usage is not { } usage || count(usage) is not { } tokens) return null;
            sum = (sum ?? 0) + tokens;
        }

        return sum;
    }
}

using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>Cuts a run into seconds.</summary>
static class SliceFigures
{
    const int Most = 7_200;

    /// <summary>Slices of one second over the whole run; of several where it would be more than 7,200.</summary>
    /// <param name="turns">The turns, warm-up included.</param>
    /// <param name="leftOver">Turns that waited until the run was stopped.</param>
    /// <param name="duration">The run's length in ticks.</param>
    public static IReadOnlyList<Slice> Of(IReadOnlyList<TurnRecord> turns, IReadOnlyList<TurnRecord> leftOver, long duration)
    {
        if (duration <= 0) return [];
        var seconds = (duration + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        var width = (seconds + Most - 1) / Most * TimeSpan.TicksPerSecond;
        var slices = new Draft[(duration + width - 1) / width];
        for (var i = 0; i < slices.Length; i++) slices[i] = new();
        foreach (var turn in turns) Place(turn, slices, width);
        foreach (var turn in leftOver) slices[SliceOf(turn.Due, slices, width)].Offer();
        return Finish(slices, width, duration);
    }

    static void Place(in TurnRecord turn, Draft[] slices, long width)
    {
        int At(long tick) => SliceOf(tick, slices, width);
        slices[At(turn.Due)].Offer();
        if (turn.Outcome == TurnOutcome.Dropped)
        {
            slices[At(turn.Due)].Dropped++;
            slices[At(turn.Due + (turn.CeilingWait ?? 0))].Waiting--;
        }

        if (turn.Begun is { } begun)
        {
            slices[At(begun)].Started++;
            slices[At(begun)].Waiting--;
        }

        if (turn.Ended is not { } ended) return;
        slices[At(ended)].Outcomes[(int)turn.Outcome]++;
        if (turn.Sent is { } sent)
        {
            for (var i = At(sent); i <= At(ended); i++) slices[i].Overlap += Math.Max(0, Math.Min(ended, (i + 1) * width) - Math.Max(sent, i * width));
        }

        if (turn.Outcome != TurnOutcome.Completed) return;
        if (TurnFigures.TimePerOutputToken(turn) is { } perToken) slices[At(ended)].PerToken.Add(perToken);
        if (TurnFigures.TimeToFirstToken(turn) is { } first) slices[At(turn.FirstContent!.Value)].FirstToken.Add(first);
        if (turn.OutputTokens is null) return;
        for (var i = At(turn.FirstContent ?? ended); i <= At(ended); i++) slices[i].Tokens = (slices[i].Tokens ?? 0) + WindowFigures.TokensOf(turn, i * width, (i + 1) * width);
    }

    static int SliceOf(long tick, Draft[] slices, long width) => (int)Math.Clamp(tick / width, 0, slices.Length - 1);

    static List<Slice> Finish(Draft[] drafts, long width, long duration)
    {
        var slices = new List<Slice>(drafts.Length);
        long backlog = 0;
        for (var i = 0; i < drafts.Length; i++)
        {
            var draft = drafts[i];
            var length = Math.Min(width, duration - (i * width));
            slices.Add(new()
            {
                Start = TimeSpan.FromTicks(i * width),
                Width = TimeSpan.FromTicks(length),
                Offered = draft.Offered,
                Started = draft.Started,
                Completed = draft.Outcomes[(int)TurnOutcome.Completed],
                Failed = draft.Outcomes[(int)TurnOutcome.Failed],
                Abandoned = draft.Outcomes[(int)TurnOutcome.Abandoned],
                CutOff = draft.Outcomes[(int)TurnOutcome.CutOff],
                Dropped = draft.Dropped,
                MeanInFlight = (double)draft.Overlap / length,
                Backlog = backlog += draft.Waiting,
                OutputTokens = draft.Tokens,
                TimeToFirstTokenP50 = Median(draft.FirstToken),
                TimePerOutputTokenP50 = Median(draft.PerToken),
            });
        }

        return slices;
    }

    static TimeSpan? Median(List<long> ticks)
    {
        if (ticks.Count == 0) return null;
        ticks.Sort();
        return TimeSpan.FromTicks(ticks[(int)OrderStatistics.Rank(ticks.Count, 0.5) - 1]);
    }

    sealed class Draft
    {
        public long Offered { get; set; }

        public long Started { get; set; }

        public long Dropped { get; set; }

        public long Waiting { get; set; }

        public long Overlap { get; set; }

        public double? Tokens { get; set; }

        public long[] Outcomes { get; } = new long[5];

        public List<long> FirstToken { get; } = [];

        public List<long> PerToken { get; } = [];

        public void Offer()
        {
            Offered++;
            Waiting++;
        }
    }
}

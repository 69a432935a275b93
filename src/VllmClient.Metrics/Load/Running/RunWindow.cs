using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>The last ten seconds of a run, for progress.</summary>
sealed class RunWindow(Director director)
{
    static readonly long Width = TimeSpan.FromSeconds(10).Ticks;

    readonly Dictionary<TurnLog, int> _read = [];
    readonly Queue<TurnRecord> _turns = new();
    readonly Queue<(long At, long Started)> _started = new();

    public LoadSnapshot Take(long now)
    {
        ReadNew();
        while (_turns.TryPeek(out var oldest) && oldest.Ended < now - Width) _turns.Dequeue();
        var run = director.Run;
        long Sum(Func<TurnCounters, long> count) => run.Phases.Sum(p => count(p.Counters));
        var started = Sum(c => c.Started);
        var phase = director.Current;
        var completed = _turns.Where(t => t.Outcome == TurnOutcome.Completed).ToList();
        var seconds = Math.Min(now, Width) / (double)TimeSpan.TicksPerSecond;
        var tokens = completed.Where(t => t.OutputTokens is not null).Sum(t => (long)t.OutputTokens!);
        return new()
        {
            Elapsed = TimeSpan.FromTicks(now),
            Phase = phase?.Name ?? PhaseNames.Drain,
            Target = phase?.Target,
            Offered = Sum(c => c.Offered),
            Started = started,
            Completed = Sum(c => c[TurnOutcome.Completed]),
            Failed = Sum(c => c[TurnOutcome.Failed]),
            Abandoned = Sum(c => c[TurnOutcome.Abandoned]),
            CutOff = Sum(c => c[TurnOutcome.CutOff]),
            Dropped = Sum(c => c[TurnOutcome.Dropped]),
            InFlight = run.InFlight,
            Backlog = run.Backlog,
            StartedPerSecond = (started - StartedBefore(now, started)) / seconds,
            CompletedPerSecond = completed.Count / seconds,
            OutputTokensPerSecond = completed.Exists(t => t.OutputTokens is not null) ? tokens / seconds : null,
            TimeToFirstTokenP50 = Quantile(completed, t => TurnFigures.TimeToFirstToken(t), 0.5),
            TimePerOutputTokenP50 = Quantile(completed, t => TurnFigures.TimePerOutputToken(t), 0.5),
            DispatchDelayP99 = run.Clock.IsReal ? Quantile(_turns, t => TurnFigures.DispatchDelay(t), 0.99) : null,
            LastErrorType = run.LastError,
        };
    }

    long StartedBefore(long now, long started)
    {
        _started.Enqueue((now, started));
        while (_started.Count > 1 && _started.Peek().At < now - Width) _started.Dequeue();
        return now <= Width ? 0 : _started.Peek().Started;
    }

    void ReadNew()
    {
        var fresh = new List<TurnRecord>();
        foreach (var log in director.Run.Logs)
        {
            var from = _read.GetValueOrDefault(log);
            var to = log.Count;
            for (var i = from; i < to; i++)
            {
                if (log[i].Ended is not null) fresh.Add(log[i]);
            }

            _read[log] = to;
        }

        foreach (var turn in fresh.OrderBy(t => t.Ended)) _turns.Enqueue(turn);
    }

    static TimeSpan? Quantile(IEnumerable<TurnRecord> turns, Func<TurnRecord, long?> figure, double p)
    {
        var values = turns.Select(figure).OfType<long>().Order().ToArray();
        return values.Length == 0 ? null : TimeSpan.FromTicks(OrderStatistics.Quantile(values, p));
    }
}

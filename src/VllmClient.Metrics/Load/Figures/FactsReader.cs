using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>Reads what the threads of a run recorded, in an order that does not depend on them.</summary>
static class FactsReader
{
    const int SlowestShown = 20;

    /// <summary>The facts of a run that has ended.</summary>
    public static RunFacts Read(Director director, long duration)
    {
        var run = director.Run;
        var turns = Turns(run);
        var kinds = run.Errors.ByNumber();
        var errors = Errors(turns, kinds, run);
        var positions = errors.Select((e, i) => (e.Number, i)).ToDictionary(pair => pair.Number, pair => pair.i);
        for (var i = 0; i < turns.Length; i++)
        {
            if (turns[i].ErrorIndex is { } number) turns[i] = turns[i] with { ErrorIndex = positions[number] };
        }

        return new()
        {
            Plan = run.Plan,
            StartedAt = run.Clock.StartedAt,
            Duration = duration,
            End = director.End,
            IsReal = run.Clock.IsReal,
            Phases = [.. run.Phases.Where(p => p.Start >= 0).Select(p => Facts(p, duration))],
            Turns = turns,
            LeftOver = [.. run.LeftOver],
            Gaps = Gaps(run),
            HasClient = run.Work.Client is not null,
            Calls = [.. run.Logs.SelectMany(l => l.Calls)],
            Errors = [.. errors.Select(e => e.Count)],
            Slowest = Slowest(run),
            Health = new()
            {
                Dispatch = run.Clock.IsReal ? run.Guard.IsBlocking ? "pool" : "pacer" : "timer",
                LateCalls = run.LateCalls,
                Deterministic = run.IsDeterministic,
            },
            Prompts = run.Work.Prompts,
        };
    }

    static PhaseFacts Facts(RunPhase phase, long duration) => new()
    {
        Index = phase.Index,
        Name = phase.Name,
        Target = phase.Target,
        Start = phase.Start,
        End = Math.Min(phase.End, duration),
        Offered = phase.Counters.Offered,
        IsTimed = phase.Phase is UsersPhase { Duration: not null } or RatePhase { Duration: not null },
    };

    static TurnRecord[] Turns(LoadRun run)
    {
        var turns = new List<TurnRecord>();
        foreach (var log in run.Logs)
        {
            for (var i = 0; i < log.Count; i++) turns.Add(log[i]);
        }

        return [.. turns.OrderBy(t => Order(t.Phase)).ThenBy(t => t.Index)];
    }

    static List<(int Number, ErrorCount Count)> Errors(TurnRecord[] turns, IReadOnlyDictionary<int, (int Phase, string Type)> kinds, LoadRun run)
    {
        var names = run.Phases.ToDictionary(p => p.Index, p => p.Name);
        return [.. turns.Where(t => t.ErrorIndex is not null)
            .GroupBy(t => t.ErrorIndex!.Value)
            .OrderBy(g => Order(kinds[g.Key].Phase))
            .ThenBy(g => kinds[g.Key].Type, StringComparer.Ordinal)
            .Select(g => (g.Key, new ErrorCount
            {
                Type = kinds[g.Key].Type,
                Phase = names[kinds[g.Key].Phase],
                Count = g.Count(),
                FirstAt = TimeSpan.FromTicks(g.Min(t => t.Ended) ?? 0),
            }))];
    }

    static Dictionary<int, LogHistogram> Gaps(LoadRun run)
    {
        var sums = new Dictionary<int, LogHistogram>();
        foreach (var phase in run.Phases)
        {
            foreach (var gaps in run.Logs.Select(l => l.GapsOf(phase.Index)).OfType<LogHistogram>())
            {
                if (!sums.TryGetValue(phase.Index, out var sum)) sums[phase.Index] = sum = new();
                sum.Add(gaps);
            }
        }

        return sums;
    }

    static List<SlowTurn> Slowest(LoadRun run)
    {
        var names = run.Phases.ToDictionary(p => p.Index, p => p.Name);
        return [.. run.Logs.SelectMany(l => l.Slowest)
            .OrderByDescending(s => s.Duration).ThenBy(s => s.Turn.Index)
            .Take(SlowestShown)
            .Select(s => new SlowTurn
            {
                Index = s.Turn.Index,
                Phase = names[s.Turn.Phase],
                Due = TimeSpan.FromTicks(s.Turn.Due),
                TimeToFirstToken = TurnFigures.TimeToFirstToken(s.Turn) is { } first ? TimeSpan.FromTicks(first) : null,
                Duration = TimeSpan.FromTicks(s.Duration),
                TraceId = s.TraceId,
            })];
    }

    // The warm-up has the highest number and comes first.
    static int Order(int phase) => phase == RunPhase.WarmUpIndex ? -1 : phase;
}

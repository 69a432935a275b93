using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>Makes the report of a run from its facts: a pure function.</summary>
static class ReportBuilder
{
    static readonly long SteadyAtLeast = TimeSpan.FromSeconds(20).Ticks;

    public static LoadReport Build(RunFacts facts)
    {
        var measured = facts.Turns.Where(t => t.Phase != RunPhase.WarmUpIndex).ToList();
        var phases = facts.Phases.Where(p => !p.IsWarmUp).ToList();
        var total = PhaseFigures.Total(measured, phases.Sum(p => p.Offered), phases.Count == 1 ? phases[0].Target : null, GapsOf(facts, phases));
        var checks = RunChecks.Of(facts, facts.Turns, total);
        var objectives = facts.Plan.Objectives.Select(o => Judge(o, facts, phases, measured)).ToList();
        var invalid = Validity.Reasons(facts, measured, checks);
        var verdict = VerdictOf(facts, objectives, invalid.Count > 0);
        return new()
        {
            Plan = facts.Plan,
            PlanHash = facts.Plan.Hash,
            ScheduleHash = ScheduleHash.Compute(facts.Plan),
            StartedAt = facts.StartedAt,
            Duration = TimeSpan.FromTicks(facts.Duration),
            End = facts.End,
            Verdict = verdict,
            Reasons = ReasonsOf(facts, objectives, invalid, verdict),
            Environment = facts.Environment,
            Total = total,
            Phases = [.. phases.Select(p => PhaseFigures.Of(p, OfPhase(measured, p), measured, GapsOf(facts, [p])))],
            WarmUp = WarmUpOf(facts),
            NotSteady = IsTooShort(measured) ? NotSteady.TooShort : null,
            Slices = SliceFigures.Of(facts.Turns, facts.Duration),
            Objectives = objectives,
            Checks = checks,
            Health = [HealthOf(facts, measured)],
            Steps = StepsOf(facts.Calls),
            Errors = facts.Errors,
            Slowest = facts.Slowest,
            Prompts = facts.Prompts,
            Resources = facts.Resources?.Summarize(total),
            ResourceTracks = facts.Resources?.Tracks() ?? [],
            Turns = facts.Turns,
        };
    }

    static PhaseReport? WarmUpOf(RunFacts facts)
    {
        if (facts.Phases.FirstOrDefault(p => p.IsWarmUp) is not { } warmUp) return null;
        var turns = OfPhase(facts.Turns, warmUp);
        return PhaseFigures.Of(warmUp, turns, turns, GapsOf(facts, [warmUp]));
    }

    static ObjectiveResult Judge(Objective objective, RunFacts facts, List<PhaseFacts> phases, List<TurnRecord> measured)
    {
        var judged = phases.Where(p => objective.Phase is null || p.Name == objective.Phase).ToList();
        var turns = objective.Phase is null ? measured : [.. judged.SelectMany(p => OfPhase(measured, p))];
        return ObjectiveJudge.Judge(objective, turns, GapsOf(facts, judged), facts.Plan.Confidence);
    }

    static Verdict VerdictOf(RunFacts facts, List<ObjectiveResult> objectives, bool isInvalid)
    {
        if (isInvalid) return Verdict.RunInvalid;
        // Verdicts are numbered by rank, so the smallest one is the run's.
        var verdict = objectives.Count == 0 ? Verdict.Met : objectives.Min(o => o.Outcome);
        return verdict == Verdict.Met && IsPartial(facts) ? Verdict.NotEnoughEvidence : verdict;
    }

    static List<string> ReasonsOf(RunFacts facts, List<ObjectiveResult> objectives, IReadOnlyList<string> invalid, Verdict verdict)
    {
        var reasons = invalid.ToList();
        if (IsPartial(facts) && verdict == Verdict.NotEnoughEvidence) reasons.Add(facts.End == RunEnd.Stopped ? "The run was stopped before its end." : "The run was cancelled before its end.");
        reasons.AddRange(objectives.Where(o => o.Outcome != Verdict.Met).OrderBy(o => o.Outcome).Select(o => o.Message));
        return reasons;
    }

    static bool IsPartial(RunFacts facts) => facts.End is RunEnd.Stopped or RunEnd.Cancelled;

    static bool IsTooShort(List<TurnRecord> turns) => turns.Count == 0 || turns.Max(t => t.Due) - turns.Min(t => t.Due) < SteadyAtLeast;

    static GeneratorHealth HealthOf(RunFacts facts, List<TurnRecord> measured)
    {
        var begun = measured.Where(t => t.Begun is not null).ToList();
        return facts.Health with
        {
            DispatchDelay = PhaseFigures.Times(begun, t => TurnFigures.DispatchDelay(t)) ?? new(),
            SendDelay = PhaseFigures.Times(begun, t => TurnFigures.SendDelay(t)) ?? new(),
        };
    }

    static List<StepReport> StepsOf(IReadOnlyList<CallSample> calls) => [.. calls.GroupBy(c => c.Step, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(step =>
    {
        var completed = step.Where(c => c.IsCompleted).ToList();
        var first = completed.Where(c => c.TimeToFirstToken >= 0).Select(c => c.TimeToFirstToken).ToList();
        var durations = completed.Where(c => c.Duration >= 0).Select(c => c.Duration).ToList();
        return new StepReport
        {
            Name = step.Key,
            Count = step.Count(),
            Failed = step.Count(c => c.IsFailed),
            TimeToFirstToken = first.Count == 0 ? null : Distributions.OfTicks(first, completed.Count - first.Count),
            Duration = Distributions.OfTicks(durations, completed.Count - durations.Count),
        };
    })];

    static List<TurnRecord> OfPhase(IReadOnlyList<TurnRecord> turns, PhaseFacts phase) => [.. turns.Where(t => t.Phase == phase.Index)];

    static LogHistogram? GapsOf(RunFacts facts, IEnumerable<PhaseFacts> phases)
    {
        LogHistogram? sum = null;
        foreach (var phase in phases)
        {
            if (facts.Gaps.TryGetValue(phase.Index, out var gaps)) (sum ??= new()).Add(gaps);
        }

        return sum;
    }
}

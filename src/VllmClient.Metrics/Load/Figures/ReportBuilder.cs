using Vllm.Statistics;

namespace Vllm.Load;

/// <summary>Makes the report of a run from its facts: a pure function.</summary>
static class ReportBuilder
{
    static readonly TimeSpan SteadyAtLeast = TimeSpan.FromSeconds(20);

    public static LoadReport Build(RunFacts facts)
    {
        var measured = facts.Measured;
        var total = PhaseFigures.Total(facts);
        IReadOnlyList<CheckResult> checks = [.. RunChecks.Of(facts, total), .. ServerChecks.Of(facts, total)];
        var objectives = facts.Plan.Objectives.Select(o => Judge(o, facts)).ToList();
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
            Phases = [.. facts.MeasuredPhases.Select(p => PhaseFigures.Of(p, facts))],
            WarmUp = facts.Phases.FirstOrDefault(p => p.IsWarmUp) is { } warmUp ? PhaseFigures.Of(warmUp, facts) : null,
            NotSteady = total.OfferedFor < SteadyAtLeast ? NotSteady.TooShort : null,
            Slices = SliceFigures.Of(facts.Turns, facts.LeftOver, facts.Duration),
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

    static ObjectiveResult Judge(Objective objective, RunFacts facts)
    {
        List<PhaseFacts> phases = [.. facts.MeasuredPhases.Where(p => objective.Phase is null || p.Name == objective.Phase)];
        return ObjectiveJudge.Judge(objective, [.. phases.SelectMany(facts.TurnsOf)], facts.GapsOf(phases), facts.Plan.Confidence);
    }

    static Verdict VerdictOf(RunFacts facts, List<ObjectiveResult> objectives, bool isInvalid)
    {
        if (isInvalid) return Verdict.RunInvalid;
        // Verdicts are numbered by rank, so the smallest one is the run's.
        var verdict = objectives.Count == 0 ? Verdict.Met : objectives.Min(o => o.Outcome);
        return verdict == Verdict.Met && (IsPartial(facts) || HasHung(facts, objectives)) ? Verdict.NotEnoughEvidence : verdict;
    }

    static List<string> ReasonsOf(RunFacts facts, List<ObjectiveResult> objectives, IReadOnlyList<string> invalid, Verdict verdict)
    {
        var reasons = invalid.ToList();
        if (IsPartial(facts) && verdict == Verdict.NotEnoughEvidence) reasons.Add(facts.End == RunEnd.Stopped ? "The run was stopped before its end." : "The run was cancelled before its end.");
        if (HasHung(facts, objectives) && verdict == Verdict.NotEnoughEvidence) reasons.Add(CutOffText.Hung(facts.Measured));
        reasons.AddRange(objectives.Where(o => o.Outcome != Verdict.Met).OrderBy(o => o.Outcome).Select(o => o.Message));
        return reasons;
    }

    static bool IsPartial(RunFacts facts) => facts.End is RunEnd.Stopped or RunEnd.Cancelled;

    // A run that nobody asked anything of is met, unless turns never ended: of those no figure says anything.
    static bool HasHung(RunFacts facts, List<ObjectiveResult> objectives) => objectives.Count == 0 && facts.Measured.Any(t => TurnFigures.IsCutByDrain(t));

    static GeneratorHealth HealthOf(RunFacts facts, IReadOnlyList<TurnRecord> measured)
    {
        if (!facts.IsReal) return facts.Health;
        var begun = measured.Where(t => t.Begun is not null).ToList();
        return facts.Health with
        {
            DispatchDelay = PhaseFigures.Times(begun, t => TurnFigures.DispatchDelay(t)),
            SendDelay = PhaseFigures.Times(begun, t => TurnFigures.SendDelay(t)),
        };
    }

    static List<StepReport> StepsOf(IReadOnlyList<CallSample> calls) => [.. calls.GroupBy(c => c.Step, StringComparer.Ordinal).OrderBy(FirstStart).Select(step =>
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

    // A call that never started tells nothing about the order.
    static long FirstStart(IEnumerable<CallSample> step) => step.Select(c => c.Started).Where(s => s >= 0).DefaultIfEmpty(long.MaxValue).Min();
}

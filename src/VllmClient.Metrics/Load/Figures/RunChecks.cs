using System.Globalization;

namespace Vllm.Load;

/// <summary>The run's checks of itself.</summary>
static class RunChecks
{
    public const string Sum = "check-sum";

    /// <summary>The checks over the measured turns.</summary>
    public static IReadOnlyList<CheckResult> Of(RunFacts facts, IReadOnlyList<TurnRecord> all, PhaseReport total)
    {
        var offered = facts.Phases.Sum(p => p.Offered);
        var accounted = all.Count + facts.LeftOver;
        var outcomes = total.Completed + total.Failed + total.Abandoned + total.CutOff;
        var durations = total.Duration is { } duration ? duration.Histogram.Sum(b => b.Count) + duration.Missing : 0;
        var passed = offered == accounted && outcomes == total.Started && durations == total.Completed;
        return
        [
            new()
            {
                Name = Sum,
                Passed = passed,
                Expected = offered,
                Actual = accounted,
                Message = passed
                    ? "offered = started + dropped + backlog, warm-up included"
                    : string.Create(CultureInfo.InvariantCulture, $"The counts do not add up: {offered} turns offered, {accounted} accounted for; {total.Started} measured turns started, {outcomes} ended, {total.Completed} completed, {durations} durations."),
            },
        ];
    }
}

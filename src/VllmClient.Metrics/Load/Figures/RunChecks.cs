using System.Globalization;

namespace Vllm.Load;

/// <summary>The run's checks of itself.</summary>
static class RunChecks
{
    public const string Sum = "check-sum";
    public const string Calls = "check-calls";

    /// <summary>The checks over the measured turns.</summary>
    public static IEnumerable<CheckResult> Of(RunFacts facts, PhaseReport total)
    {
        yield return SumOf(facts, total);
        if (facts.HasClient && CallsOf(facts.Measured) is { } calls) yield return calls;
    }

    static CheckResult SumOf(RunFacts facts, PhaseReport total)
    {
        var offered = facts.Phases.Sum(p => p.Offered);
        var accounted = facts.Turns.Count + facts.LeftOver.Count;
        var outcomes = total.Completed + total.Failed + total.Abandoned + total.CutOff;
        var durations = total.Duration is { } duration ? duration.Histogram.Sum(b => b.Count) + duration.Missing : 0;
        var passed = offered == accounted && outcomes == total.Started && durations == total.Completed;
        return new()
        {
            Name = Sum,
            Passed = passed,
            Expected = offered,
            Actual = accounted,
            Message = passed
                ? "offered = started + dropped + backlog, warm-up included"
                : string.Create(CultureInfo.InvariantCulture, $"The counts do not add up: {offered} turns offered, {accounted} accounted for; {total.Started} measured turns started, {outcomes} ended, {total.Completed} completed, {durations} durations."),
        };
    }

    // Work that has a client and shows no call has lost the flow of the turn on its way to the client, as in a TestServer.
    static CheckResult? CallsOf(IReadOnlyList<TurnRecord> turns)
    {
        var completed = turns.Count(t => t.Outcome == TurnOutcome.Completed);
        if (completed == 0 || turns.Any(t => t.Calls is not null)) return null;
        return new()
        {
            Name = Calls,
            Passed = false,
            Message = string.Create(CultureInfo.InvariantCulture, $"No call of the client was seen in {completed} completed turns, so tokens and first tokens are missing. A TestServer needs PreserveExecutionContext = true; work that starts its calls elsewhere must pass its execution context on."),
        };
    }
}

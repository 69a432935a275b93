using Vllm.Load;
using Vllm.Statistics;

namespace Vllm.Tests.Load;

/// <summary>Answers that never come must never look like a limit that is met.</summary>
public sealed class CutOffTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly TestClock _clock = new();

    [Fact]
    public void Answers_that_never_come_make_limits_not_met()
    {
        var report = Run(
            Even(50, 500) with { Drain = 2 * Second, Objectives = [Objective.FailedShare(0.05), Objective.TimeToFirstToken(0.9, Second), Objective.Duration(0.9, Second) with { From = LatencyFrom.Sent }] },
            async (turn, token) =>
            {
                await _clock.Delay(turn.Index % 5 == 4 ? 3_600_000 : 20, token);
                turn.ReportFirstToken();
            });

        report.Verdict.ShouldBe(Verdict.NotMet);
        (report.Total.Completed, report.Total.CutOff).ShouldBe((400, 100));
        // The last of them is due at 9.98 s, as the last turn of all, and the drain ends two seconds later.
        report.Total.CutOffAtLeast.ShouldBe(2 * Second);
        report.Total.FailedShare.ShouldBe(0.2);
        report.Objectives.Select(o => (o.Outcome, o.Count, o.Bad, o.CutOff)).Distinct().ShouldBe([(Verdict.NotMet, 500, 100, 100)]);
        report.Objectives[1].CutOffAtLeast.ShouldBe(2 * Second);
        report.Objectives[1].Message.ShouldEndWith("100 of 500 above it or failed; 100 cut off after at least 2,000 ms");
        report.Errors.ShouldHaveSingleItem().ShouldBe(new ErrorCount { Type = "drain_over", Phase = "rate", Count = 100, FirstAt = TimeSpan.FromSeconds(11.98) });
    }

    [Fact]
    public void Every_latency_says_how_many_turns_are_not_in_it_and_how_long_they_take_at_least()
    {
        var report = Run(
            Even(10, 20) with { Drain = 2 * Second },
            async (turn, token) =>
            {
                if (turn.Index == 3) await _clock.Delay(3_600_000, token);
                await _clock.Delay(100, token);
                turn.ReportChunk();
                await _clock.Delay(turn.Index == 7 ? 3_600_000 : 100, token);
                turn.ReportChunk();
            });

        // Due at 0.3 s and 0.7 s; the last turn is due at 1.9 s, so the drain ends at 3.9 s. Turn 7 was silent from 0.8 s on.
        Seen(report.Total.DurationFromDue).ShouldBe((18, 2, 3.2));
        Seen(report.Total.Duration).ShouldBe((18, 2, 3.2));
        Seen(report.Total.TimeToFirstToken).ShouldBe((18, 2, 0.1));
        Seen(report.Total.LongestGap).ShouldBe((18, 2, 3.1));
        report.Turns![7].LongestGap.ShouldBe(3_100_000);
        report.Total.CutOffAtLeast.ShouldBe(TimeSpan.FromSeconds(3.2));
    }

    [Fact]
    public void A_run_without_limits_whose_turns_hang_is_not_met()
    {
        var report = Run(Even(10, 20) with { Drain = Second }, (turn, token) => _clock.Delay(turn.Index == 19 ? 3_600_000 : 10, token));

        report.Verdict.ShouldBe(Verdict.NotEnoughEvidence);
        report.Reasons.ShouldBe(["1 turns were still running after at least 1,000 ms when the time to drain was over, so the figures leave them out."]);
    }

    [Fact]
    public void A_run_in_which_everything_hangs_is_invalid_and_says_for_how_long()
    {
        var report = Run(Even(10, 20) with { Drain = Second, Objectives = [Objective.FailedShare(0.01)] }, (_, token) => _clock.Delay(3_600_000, token));

        report.Verdict.ShouldBe(Verdict.RunInvalid);
        report.Reasons[0].ShouldBe("No turn ended, so there is nothing to judge: 20 turns were still running after at least 1,000 ms.");
        report.Objectives.Single().Outcome.ShouldBe(Verdict.NotMet);
    }

    [Fact]
    public void Work_that_swallows_its_cancellation_is_cut_off_all_the_same()
    {
        var report = Run(Even(10, 20) with { Drain = Second }, async (turn, token) =>
        {
            try
            {
                await _clock.Delay(turn.Index < 2 ? 3_600_000 : 10, token);
            }
            catch (OperationCanceledException) when (turn.Index == 0)
            {
            }
            catch (OperationCanceledException e)
            {
                throw new InvalidOperationException("wrapped", e);
            }
        });

        (report.Total.Completed, report.Total.Failed, report.Total.CutOff).ShouldBe((18, 0, 2));
    }

    [Fact]
    public void What_still_waits_for_the_ceiling_when_the_drain_ends_is_dropped_and_counts_as_failed()
    {
        var report = Run(
            Even(10, 20) with { MaxInFlight = 1, Drain = Second, Objectives = [Objective.FailedShare(0.5)] },
            (turn, token) => _clock.Delay(500, token));

        // Begun at 0, 0.5, ... 2.5 s; the drain ends at 2.9 s.
        (report.Total.Offered, report.Total.Completed, report.Total.CutOff, report.Total.Dropped).ShouldBe((20, 5, 1, 14));
        report.Objectives.Single().Outcome.ShouldBe(Verdict.NotMet);
        report.Objectives.Single().Bad.ShouldBe(15);
        // At 1.9 s the last is due; four turns have begun.
        report.Total.PeakBacklog.ShouldBe(16);
        report.Slices.Select(s => s.Backlog).ShouldBe([8, 16, 0]);
        report.Checks.Single().Passed.ShouldBe(true);
    }

    [Fact]
    public void What_waits_when_a_run_is_stopped_is_backlog_and_no_failure()
    {
        var runner = new LoadRunner(new() { TimeProvider = _clock });

        var report = _clock.Run(async () =>
        {
            var run = runner.RunAsync(Even(10, 100) with { MaxInFlight = 1 }, (_, token) => _clock.Delay(60_000, token));
            await _clock.Delay(1050);
            runner.Stop();
            return await run;
        });

        (report.Total.Offered, report.Total.Started, report.Total.CutOff, report.Total.Dropped).ShouldBe((11, 1, 1, 0));
        report.Total.PeakBacklog.ShouldBe(10);
        report.Slices[^1].Backlog.ShouldBe(10);
        report.Total.FailedShare.ShouldBeNull();
        report.Errors.ShouldBeEmpty();
    }

    LoadReport Run(LoadPlan plan, Func<LoadTurn, CancellationToken, Task> work) => _clock.Run(() => new LoadRunner(new() { TimeProvider = _clock }).RunAsync(plan, work));

    static LoadPlan Even(double perSecond, int requests) => new() { Phases = [LoadPhase.Rate(perSecond, requests) with { Arrivals = Arrivals.Even }], WarmUp = null };

    static (long, long, double?) Seen(Distribution<TimeSpan>? figure) => (figure!.Count, figure.CutOff, figure.CutOffAtLeast?.TotalSeconds);
}

using Vllm.Load;

namespace Vllm.Tests.Load;

public sealed class LoadRunnerTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly TestClock _clock = new();

    [Fact]
    public void Two_virtual_runs_are_equal_turn_by_turn()
    {
        var plan = new LoadPlan { Phases = [LoadPhase.Users(5, 40), LoadPhase.Rate(30, 3 * Second), LoadPhase.Users(3, 2 * Second)], Seed = 9 };
        static LoadReport Once(LoadPlan plan)
        {
            var clock = new TestClock();
            return clock.Run(() => new LoadRunner(new() { TimeProvider = clock }).RunAsync(plan, async (turn, token) =>
            {
                await clock.Delay(20 + turn.Random.Next(50), token);
                turn.ReportFirstToken();
                await clock.Delay(turn.Random.Next(100), token);
                turn.ReportChunk(3);
            }));
        }

        var (first, second) = (Once(plan), Once(plan));

        first.Turns!.Count.ShouldBeGreaterThan(150);
        first.Turns.ShouldBe(second.Turns!);
        first.Health.Single().Deterministic.ShouldBe(true);
        first.Health.Single().Dispatch.ShouldBe("timer");
        Once(plan with { Seed = 10 }).Turns!.SequenceEqual(first.Turns).ShouldBeFalse();
    }

    [Fact]
    public void A_rate_starts_every_turn_at_its_due_time()
    {
        var report = Run(new() { Phases = [LoadPhase.Rate(10, 20) with { Arrivals = Arrivals.Even }], WarmUp = null }, (_, token) => _clock.Delay(500, token));

        report.Turns!.Select(t => t.Due).ShouldBe(Enumerable.Range(0, 20).Select(i => i * 1_000_000L));
        report.Turns!.ShouldAllBe(t => t.Begun == t.Due && t.Ended == t.Due + 5_000_000 && t.Sent == t.Begun);
        report.Turns!.Select(t => t.Index).ShouldBe(Enumerable.Range(0, 20).Select(i => (long)i));
        report.Total.MeanInFlight.ShouldBe(20 * 0.5 / 2.4, 1e-12);
        report.Total.PeakInFlight.ShouldBe(5);
        report.Verdict.ShouldBe(Verdict.Met);
        report.End.ShouldBe(RunEnd.Finished);
    }

    [Fact]
    public void A_user_sends_the_next_request_when_the_last_is_answered()
    {
        var report = Run(new() { Phases = [LoadPhase.Users(3, 12) with { Spread = TimeSpan.Zero }], WarmUp = null }, (_, token) => _clock.Delay(100, token));

        report.Turns!.Count.ShouldBe(12);
        foreach (var user in report.Turns.GroupBy(t => t.User))
        {
            user.Select(t => t.Due).ShouldBe([0, 1_000_000, 2_000_000, 3_000_000]);
        }

        report.Total.PeakInFlight.ShouldBe(3);
        report.Total.MeanInFlight.ShouldBe(3);
    }

    [Fact]
    public void Users_begin_spread_over_the_time_given()
    {
        var report = Run(new() { Phases = [LoadPhase.Users(50, 50)], WarmUp = null }, (_, token) => _clock.Delay(5000, token));

        var starts = report.Turns!.Select(t => t.Due).ToList();
        starts.ShouldAllBe(d => d >= 0 && d < TimeSpan.TicksPerSecond);
        starts.Distinct().Count().ShouldBe(50);
        starts.Max().ShouldBeGreaterThan(TimeSpan.TicksPerSecond / 2);
    }

    [Fact]
    public void The_warm_up_is_in_no_latency_but_in_the_load_of_the_server_and_leaves_no_gap()
    {
        var report = Run(
            new() { Phases = [LoadPhase.Rate(10, Second) with { Arrivals = Arrivals.Even }], WarmUp = LoadPhase.Rate(10, Second) with { Arrivals = Arrivals.Even } },
            async (turn, token) =>
            {
                await _clock.Delay(turn.IsWarmUp ? 900 : 50, token);
                turn.ReportFirstToken();
                turn.ReportUsage(turn.IsWarmUp ? 1000 : 1, turn.IsWarmUp ? 1000 : 2);
                if (turn.IsWarmUp && turn.Index == 0) turn.Fail("warm");
            });

        report.WarmUp!.Started.ShouldBe(10);
        report.WarmUp.Failed.ShouldBe(1);
        report.Total.Offered.ShouldBe(10);
        report.Total.Completed.ShouldBe(10);
        report.Total.Failed.ShouldBe(0);
        report.Total.InputTokens.ShouldBe(10);
        report.Total.OutputTokens.ShouldBe(20);
        report.Total.Duration!.Max.ShouldBe(TimeSpan.FromSeconds(0.05));
        // Turns 2 to 9 of the warm-up run on for 0.1, 0.2, ... 0.8 s after its end.
        report.Total.MeanInFlight.ShouldBe(((10 * 0.05) + 3.6) / 0.95, 1e-12);
        // All but the first, which failed, end in the measured second and bring 1,000 tokens each.
        report.Phases.Single().OutputTokensPerSecond.ShouldBe(9020);
        report.Phases.Single().CompletedPerSecond.ShouldBe(19);
        report.Total.OutputTokensPerSecond!.Value.ShouldBe(20 / 0.95, 1e-12);
        report.Phases.Single().Start.ShouldBe(Second);
        report.Turns!.Where(t => t.Phase != 255).Min(t => t.Due).ShouldBe(TimeSpan.TicksPerSecond);
        report.Errors.ShouldHaveSingleItem().Phase.ShouldBe("warm-up");
    }

    [Fact]
    public void The_automatic_warm_up_gives_each_user_one_request()
    {
        var report = Run(new() { Phases = [LoadPhase.Users(8, 40)] }, (_, token) => _clock.Delay(10, token));

        var warm = report.Turns!.Where(t => t.Phase == 255).ToList();
        warm.Select(t => t.User).OfType<int>().Order().ShouldBe(Enumerable.Range(0, 8));
        report.Total.Started.ShouldBe(40);
    }

    [Fact]
    public void What_the_drain_cuts_off_counts_as_failed_and_is_in_no_latency()
    {
        var report = Run(
            new() { Phases = [LoadPhase.Rate(10, 10) with { Arrivals = Arrivals.Even }], WarmUp = null, Drain = Second, Objectives = [Objective.FailedShare(0.5)] },
            (turn, token) => _clock.Delay(turn.Index == 9 ? 60_000 : 10, token));

        report.Total.CutOff.ShouldBe(1);
        report.Total.Completed.ShouldBe(9);
        report.Total.Failed.ShouldBe(0);
        report.Total.Duration!.Max.ShouldBe(TimeSpan.FromSeconds(0.01));
        (report.Objectives.Single().Count, report.Objectives.Single().Bad).ShouldBe((10, 1));
        report.Turns![9].Outcome.ShouldBe(TurnOutcome.CutOff);
        report.Turns[9].Ended.ShouldBe(19_000_000);
        report.Checks.Single().Passed.ShouldBe(true);
    }

    [Fact]
    public void A_full_run_queues_first_come_first_served_and_blames_the_server()
    {
        var report = Run(
            new() { Phases = [LoadPhase.Rate(10, 10) with { Arrivals = Arrivals.Even }], WarmUp = null, MaxInFlight = 2 },
            (_, token) => _clock.Delay(400, token));

        // Two at a time, 400 ms each: turn i begins at 400 ms * (i / 2), a little later for the odd ones.
        report.Turns!.Select(t => t.Begun).ShouldBe([0, 1_000_000, 4_000_000, 5_000_000, 8_000_000, 9_000_000, 12_000_000, 13_000_000, 16_000_000, 17_000_000]);
        report.Turns!.ShouldAllBe(t => (t.Begun == t.Due && t.CeilingWait == null) || t.CeilingWait == t.Begun - t.Due);
        report.Total.PeakInFlight.ShouldBe(2);
        report.Total.PeakBacklog.ShouldBe(4);
        report.Turns!.ShouldAllBe(t => TurnFigures.DispatchDelay(t) == 0);
        report.Total.DurationFromDue!.Max.ShouldBe(TimeSpan.FromSeconds(1.2));
    }

    [Fact]
    public void A_full_run_drops_what_it_must_and_counts_it()
    {
        var report = Run(
            new() { Phases = [LoadPhase.Rate(10, 10) with { Arrivals = Arrivals.Even }], WarmUp = null, MaxInFlight = 2, WhenFull = InFlightOverflow.Drop },
            (_, token) => _clock.Delay(350, token));

        report.Turns!.Select(t => t.Outcome == TurnOutcome.Dropped).ShouldBe([false, false, true, true, false, false, true, true, false, false]);
        report.Total.Dropped.ShouldBe(4);
        report.Total.Started.ShouldBe(6);
        report.Total.FailedShare.ShouldBe(0.4);
        report.Checks.Single().Passed.ShouldBe(true);
    }

    [Fact]
    public void Phases_follow_each_other_and_own_the_turns_due_in_them()
    {
        var report = Run(
            new() { Phases = [LoadPhase.Users(2, Second) with { Spread = TimeSpan.Zero }, LoadPhase.Pause(Second), LoadPhase.Users(1, 3) with { Spread = TimeSpan.Zero }, LoadPhase.Rate(10, 2) with { Arrivals = Arrivals.Even }], WarmUp = null },
            (_, token) => _clock.Delay(300, token));

        report.Phases.Select(p => p.Name).ShouldBe(["users", "pause", "users-2", "rate"]);
        report.Phases.Select(p => p.Start.TotalMilliseconds).ShouldBe([0, 1000, 2000, 2600]);
        report.Phases.Select(p => p.Started).ShouldBe([8, 0, 3, 2]);
        report.Phases.Select(p => p.Target).ShouldBe([2.0, null, 1.0, 10.0]);
        report.Turns!.Where(t => t.Phase == 0).Max(t => t.Ended).ShouldBe(12_000_000);
        report.Phases[1].MeanInFlight.ShouldBe(0.4, 1e-12);
    }

    [Fact]
    public void Surplus_users_end_their_turn_and_leave()
    {
        var report = Run(
            new() { Phases = [LoadPhase.Users(4, Second) with { Spread = TimeSpan.Zero }, LoadPhase.Users(1, Second) with { Spread = TimeSpan.Zero }], WarmUp = null },
            (_, token) => _clock.Delay(300, token));

        report.Phases[0].Started.ShouldBe(16);
        report.Turns!.Where(t => t.Phase == 1).Select(t => t.User).Distinct().ShouldBe([0]);
        report.Turns!.Where(t => t.Phase == 1).Select(t => t.Due).ShouldBe([12_000_000, 15_000_000, 18_000_000]);
    }

    [Fact]
    public void Tells_failures_apart_by_kind_and_phase()
    {
        var report = Run(
            new() { Phases = [LoadPhase.Rate(10, 8) with { Arrivals = Arrivals.Even }], WarmUp = null, TurnTimeout = TimeSpan.FromMilliseconds(200) },
            async (turn, token) =>
            {
                if (turn.Index == 0) throw new InvalidOperationException("odd");
                if (turn.Index < 3) turn.Fail("refused");
                if (turn.Index == 3) await _clock.Delay(1000, token);
                if (turn.Index == 4)
                {
                    var call = new FakeCall(_clock);
                    call.Sent();
                    var error = new HttpRequestException();
                    call.End(VllmCallOutcome.Failed, "503", error);
                    throw error;
                }

                await _clock.Delay(10, token);
            });

        report.Errors.Select(e => (e.Type, e.Count, e.FirstAt.TotalMilliseconds)).ShouldBe([("503", 1, 400), ("_OTHER", 1, 0), ("refused", 2, 110), ("turn_timeout", 1, 500)]);
        report.Turns!.Select(t => t.ErrorIndex is { } i ? report.Errors[i].Type : null).ShouldBe(["_OTHER", "refused", "refused", "turn_timeout", "503", null, null, null]);
        report.Total.FailedDuration!.Max.ShouldBe(TimeSpan.FromSeconds(0.2));
    }

    [Fact]
    public void A_run_without_a_turn_is_invalid()
    {
        var report = Run(new() { Phases = [LoadPhase.Rate(0.001, Second)], WarmUp = null }, (_, _) => Task.CompletedTask);

        report.Total.Offered.ShouldBe(0);
        report.Verdict.ShouldBe(Verdict.RunInvalid);
        report.Reasons.ShouldHaveSingleItem().ShouldContain("No turn ended");
        Should.Throw<LoadObjectivesException>(report.EnsureMet).Report.ShouldBeSameAs(report);
    }

    [Fact]
    public void Judges_objectives_and_says_how_many_turns_are_missing()
    {
        var plan = new LoadPlan
        {
            Phases = [LoadPhase.Users(2, 59) with { Spread = TimeSpan.Zero }],
            WarmUp = null,
            Objectives = [Objective.Duration(0.95, TimeSpan.FromMilliseconds(100)), Objective.Duration(0.95, TimeSpan.FromMilliseconds(99)), Objective.FailedShare(0.01), Objective.TimeToFirstToken(0.5, Second)],
        };

        var report = Run(plan, (_, token) => _clock.Delay(100, token));
        var short1 = Run(plan with { Phases = [LoadPhase.Users(2, 58) with { Spread = TimeSpan.Zero }] }, (_, token) => _clock.Delay(100, token));

        report.Objectives.Select(o => o.Outcome).ShouldBe([Verdict.Met, Verdict.NotMet, Verdict.NotEnoughEvidence, Verdict.NotEnoughEvidence]);
        short1.Objectives[0].Outcome.ShouldBe(Verdict.NotEnoughEvidence);
        short1.Objectives[0].NeededCount.ShouldBe(59);
        report.Objectives[2].NeededCount.ShouldBe(299);
        report.Objectives[2].Message.ShouldBe("failed share <= 1 %: 0 of 59, at most 4.951 % at 95 %; 240 more turns needed");
        report.Objectives[3].Missing.ShouldBe(59);
        report.Verdict.ShouldBe(Verdict.NotMet);
        Should.Throw<LoadObjectivesException>(report.EnsureMet).Message.ShouldContain("NotMet: duration from due p95 <= 99 ms");
    }

    [Fact]
    public void One_runner_runs_one_plan_at_a_time()
    {
        var plan = new LoadPlan { Phases = [LoadPhase.Users(1, 1)], WarmUp = null };
        var runner = new LoadRunner(new() { TimeProvider = _clock });

        var report = _clock.Run(async () =>
        {
            var first = runner.RunAsync(plan, (_, token) => _clock.Delay(100, token));
            (await Record.ExceptionAsync(() => runner.RunAsync(plan, (_, _) => Task.CompletedTask, cancellationToken: TestContext.Current.CancellationToken))).ShouldBeOfType<InvalidOperationException>();
            await first;
            return await runner.RunAsync(plan, (_, token) => _clock.Delay(100, token));
        });

        report.Total.Completed.ShouldBe(1);
    }

    [Fact]
    public void A_report_reads_as_one_line()
    {
        var plan = new LoadPlan { Name = "nightly", Phases = [LoadPhase.Users(2, 8) with { Spread = TimeSpan.Zero }], WarmUp = null };

        var report = _clock.Run(() => new LoadRunner(new() { TimeProvider = _clock }).RunAsync(
            plan,
            async (turn, token) =>
            {
                await _clock.Delay(100, token);
                turn.ReportFirstToken();
                await _clock.Delay(400, token);
                turn.ReportUsage(3, 5);
            },
            CancellationToken.None));

        report.ToString().ShouldBe("nightly: Met, 8 of 8 turns completed in 2 s (4/s), mean TTFT 100 ms, 20 output tokens/s");
        (report with { Total = new() }).ToString().ShouldBe("nightly: Met, 0 of 0 turns completed in 0 s (0/s)");
    }

    [Fact]
    public void Reports_progress_each_second_and_survives_a_listener_that_throws()
    {
        var seen = new List<LoadSnapshot>();
        var plan = new LoadPlan { Phases = [LoadPhase.Users(2, 3 * Second) with { Spread = TimeSpan.Zero }], WarmUp = null };

        var report = _clock.Run(() => new LoadRunner(new() { TimeProvider = _clock }).RunAsync(
            plan,
            async (turn, token) =>
            {
                await _clock.Delay(100, token);
                turn.ReportUsage(1, 5);
            },
            new Listener(s =>
            {
                seen.Add(s);
                throw new InvalidOperationException();
            })));

        seen.Select(s => s.Elapsed.TotalSeconds).ShouldBe([1, 2, 3]);
        seen[1].Started.ShouldBe(42);
        seen[1].Completed.ShouldBe(40);
        seen[1].CompletedPerSecond.ShouldBe(20);
        seen[1].OutputTokensPerSecond.ShouldBe(100);
        (seen[1].Phase, seen[1].Target, seen[1].InFlight).ShouldBe(("users", 2.0, 2));
        report.Total.Completed.ShouldBe(60);
    }

    [Fact]
    public void Requests_of_two_virtual_runs_have_the_same_ids()
    {
        List<string> ids = [];
        var prompts = Prompts.FromLines(new StringReader("one\n\n two \nthree"), maxTokens: 7);
        var client = new FakeClient(_clock, (request, options) => ids.Add($"{request.Messages[0].Content}|{request.MaxTokens}|{options!.RequestId}|{options.MaxRetries}|{options.DiscardText}|{request.IncludeUsage}|{request.Temperature}"));
        var plan = new LoadPlan { Phases = [LoadPhase.Users(1, 4) with { Spread = TimeSpan.Zero }], WarmUp = LoadPhase.Users(1, 1) with { Spread = TimeSpan.Zero } };
        var work = LoadWork.Chat(client, prompts, r => r with { Temperature = 0 });

        var report = Run(plan, work);

        var run = ids[0].Split('|')[2][..16];
        ids.ShouldBe(
        [
            $"one|7|{run}ffffffffffffffff|0|True|True|0",
            $"one|7|{run}0000000000000000|0|True|True|0",
            $" two |7|{run}0000000000000001|0|True|True|0",
            $"three|7|{run}0000000000000002|0|True|True|0",
            $"one|7|{run}0000000000000003|0|True|True|0",
        ]);
        (report.Environment.Model, report.Environment.ServerVersion).ShouldBe(("fake-model", "0.32.0"));
        report.Prompts.ShouldBe(new PromptReport { Distinct = 3, RequestedOutput = 7 });
        ids.Clear();
        Run(plan, work);
        ids[0].ShouldStartWith($"one|7|{run}");
    }

    LoadReport Run(LoadPlan plan, Func<LoadTurn, CancellationToken, Task> work) => Run(plan, LoadWork.From(work));

    LoadReport Run(LoadPlan plan, LoadWork work)
    {
        var report = _clock.Run(() => new LoadRunner(new() { TimeProvider = _clock }).RunAsync(plan, work));
        report.Health.Single().Deterministic.ShouldBe(true);
        return report;
    }

    sealed class Listener(Action<LoadSnapshot> report) : IProgress<LoadSnapshot>
    {
        public void Report(LoadSnapshot value) => report(value);
    }
}

using Vllm.Load;

namespace Vllm.Tests.Load;

public sealed class CallsOfTurnsTests
{
    readonly TestClock _clock = new();

    [Fact]
    public void One_call_gives_the_turn_its_moments()
    {
        var turn = One(async () =>
        {
            var call = new FakeCall(_clock);
            await _clock.Delay(5);
            call.Sent();
            await _clock.Delay(50);
            call.Content();
            await _clock.Delay(10);
            call.Content();
            await _clock.Delay(30);
            call.Content();
            await _clock.Delay(1);
            call.End(usage: FakeCall.Tokens(7, 5));
        });

        (turn.Begun, turn.Sent, turn.FirstContent, turn.LastContent, turn.Ended).ShouldBe((0, 50_000, 550_000, 950_000, 960_000));
        (turn.InputTokens, turn.OutputTokens, turn.Chunks, turn.LongestGap, turn.Calls, turn.Attempts).ShouldBe((7, 5, 3, 30_000, 1, 1));
    }

    [Fact]
    public void A_retry_moves_the_sending_and_counts_as_an_attempt()
    {
        var turn = One(async () =>
        {
            var call = new FakeCall(_clock);
            call.Sent();
            await _clock.Delay(100);
            call.Sent();
            await _clock.Delay(10);
            call.Content();
            call.End();
        });

        (turn.Sent, turn.FirstContent, turn.Attempts).ShouldBe((1_000_000, 1_100_000, 2));
    }

    [Fact]
    public void Several_calls_give_the_first_sending_the_last_answer_and_all_tokens()
    {
        var report = Run(async () =>
        {
            var first = new FakeCall(_clock);
            first.Sent();
            await _clock.Delay(10);
            first.Content();
            first.End(usage: FakeCall.Tokens(1, 2), operation: "chat");
            await _clock.Delay(10);
            var second = new FakeCall(_clock);
            second.Sent();
            await _clock.Delay(40);
            second.Content();
            await _clock.Delay(5);
            second.Content();
            second.End(usage: FakeCall.Tokens(10, 20), operation: "chat");
        });

        var turn = report.Turns!.Single();
        (turn.Sent, turn.FirstContent, turn.LastContent).ShouldBe((0, 600_000, 650_000));
        (turn.InputTokens, turn.OutputTokens, turn.Chunks, turn.Calls).ShouldBe((11, 22, 2, 2));
        report.Steps.ShouldHaveSingleItem().Count.ShouldBe(2);
        report.Steps[0].TimeToFirstToken!.Max.ShouldBe(TimeSpan.FromSeconds(0.04));
    }

    [Fact]
    public void Parallel_calls_are_told_apart()
    {
        var report = Run(async () =>
        {
            var first = new FakeCall(_clock);
            var second = new FakeCall(_clock);
            first.Sent();
            await _clock.Delay(1);
            second.Sent();
            await _clock.Delay(10);
            second.Content();
            first.Content();
            await _clock.Delay(10);
            first.Content();
            first.End(usage: FakeCall.Tokens(1, 1), operation: "a");
            await _clock.Delay(10);
            second.Content();
            second.End(usage: FakeCall.Tokens(1, 1), operation: "b");
        });

        var turn = report.Turns!.Single();
        (turn.Sent, turn.FirstContent, turn.LastContent, turn.LongestGap).ShouldBe((0, 110_000, 310_000, 20_000));
        report.Steps.Select(s => (s.Name, s.Count)).ShouldBe([("a", 1), ("b", 1)]);
    }

    [Fact]
    public void A_failure_that_the_work_survives_is_only_in_its_step()
    {
        var report = Run(async () =>
        {
            var bad = new FakeCall(_clock);
            bad.Sent();
            bad.End(VllmCallOutcome.Failed, "503", new HttpRequestException());
            await _clock.Delay(10);
            var good = new FakeCall(_clock);
            good.Sent();
            good.Content();
            good.End(usage: FakeCall.Tokens(1, 1));
        });

        report.Total.Completed.ShouldBe(1);
        report.Errors.ShouldBeEmpty();
        (report.Steps.Single().Count, report.Steps.Single().Failed).ShouldBe((2, 1));
    }

    [Fact]
    public void A_named_step_names_its_calls()
    {
        var report = Run(
            turn =>
            {
                turn.BeginStep("plan");
                new FakeCall(_clock).End();
                turn.BeginStep("answer");
                new FakeCall(_clock).End();
                return Task.CompletedTask;
            });

        report.Steps.Select(s => s.Name).ShouldBe(["plan", "answer"]);
    }

    [Fact]
    public void A_whole_answer_has_no_first_content_and_ends_when_it_is_closed()
    {
        var turn = One(async () =>
        {
            var call = new FakeCall(_clock);
            call.Sent();
            await _clock.Delay(80);
            call.End(usage: FakeCall.Tokens(3, 4), isStream: false);
            await _clock.Delay(5);
        });

        (turn.FirstContent, turn.LastContent, turn.Chunks, turn.LongestGap).ShouldBe((null, 800_000, null, null));
    }

    [Fact]
    public void Choices_have_gaps_of_their_own_and_no_time_per_token()
    {
        var report = Run(async () =>
        {
            var call = new FakeCall(_clock);
            call.Sent();
            call.Content(choice: 0);
            await _clock.Delay(10);
            call.Content(choice: 1);
            await _clock.Delay(10);
            call.Content(choice: 0);
            call.End(usage: FakeCall.Tokens(3, 40));
        });

        report.Total.ChunkGap!.Count.ShouldBe(1);
        report.Total.ChunkGap.Max.ShouldBe(TimeSpan.FromSeconds(0.02));
        report.Total.TimePerOutputToken.ShouldBeNull();
    }

    [Fact]
    public void A_gap_that_the_caller_made_is_not_counted()
    {
        var report = Run(async () =>
        {
            var call = new FakeCall(_clock);
            call.Sent();
            call.Content();
            await _clock.Delay(500);
            call.Content(held: true);
            await _clock.Delay(10);
            call.Content();
            call.End();
        });

        report.Total.ChunkGap!.Count.ShouldBe(1);
        report.Total.ChunkGap.Max.ShouldBe(TimeSpan.FromSeconds(0.01));
    }

    [Fact]
    public void Gaps_of_a_failed_turn_are_in_no_figure()
    {
        var report = Run(async () =>
        {
            var call = new FakeCall(_clock);
            call.Sent();
            call.Content();
            await _clock.Delay(500);
            call.Content();
            var error = new HttpRequestException();
            call.End(VllmCallOutcome.Failed, "stream_truncated", error);
            throw error;
        });

        report.Total.ChunkGap.ShouldBeNull();
        report.Total.TimeToFirstToken.ShouldBeNull();
        report.Errors.Single().Type.ShouldBe("stream_truncated");
    }

    [Fact]
    public void Foreign_work_reports_for_itself()
    {
        var report = Run(async turn =>
        {
            await _clock.Delay(40);
            turn.ReportChunk(2);
            await _clock.Delay(10);
            turn.ReportChunk(3);
            await _clock.Delay(30);
            turn.ReportUsage(9, 6, 4);
        });

        var turn = report.Turns!.Single();
        (turn.Sent, turn.FirstContent, turn.LastContent, turn.Chunks, turn.Calls).ShouldBe((0, 400_000, 500_000, 2, null));
        (turn.InputTokens, turn.OutputTokens, turn.CachedTokens, turn.FirstChunkTokens).ShouldBe((9, 6, 4, 2));
        report.Total.Duration!.Max.ShouldBe(TimeSpan.FromSeconds(0.08));
        report.Total.TimePerOutputToken!.Max.ShouldBe(TimeSpan.FromSeconds(0.0025));
        report.Total.ChunkGap!.Max.ShouldBe(TimeSpan.FromSeconds(0.01));
    }

    [Fact]
    public void Foreign_work_that_reports_nothing_has_a_duration_only()
    {
        var report = Run(() => _clock.Delay(40));

        report.Total.Duration!.Max.ShouldBe(TimeSpan.FromSeconds(0.04));
        report.Total.TimeToFirstToken.ShouldBeNull();
        report.Total.OutputTokens.ShouldBeNull();
        report.Total.OutputTokensPerSecond.ShouldBeNull();
    }

    [Fact]
    public void What_comes_after_the_end_is_counted_and_changes_nothing()
    {
        LoadTurn? kept = null;
        FakeCall? late = null;
        var index = 0;
        var report = Run(
            async turn =>
            {
                if (index++ == 0)
                {
                    kept = turn;
                    late = new FakeCall(_clock);
                    late.Sent();
                }
                else
                {
                    await _clock.Delay(10);
                    kept!.ReportFirstToken();
                    kept.Fail("late");
                    late!.Content();
                    late.End();
                }
            },
            requests: 2);

        report.Health.Single().LateCalls.ShouldBe(4);
        report.Total.Completed.ShouldBe(2);
        report.Turns![0].FirstContent.ShouldBeNull();
    }

    [Fact]
    public void A_client_with_another_clock_is_refused()
    {
        var error = Should.Throw<InvalidOperationException>(() => Run(() =>
        {
            new FakeCall(_clock).End(foreignClock: TimeProvider.System);
            return Task.CompletedTask;
        }));

        error.Message.ShouldContain("TimeProvider");
    }

    [Fact]
    public void The_observer_is_ambient_for_the_work_only()
    {
        VllmCallObserver? inside = null;
        Run(() =>
        {
            inside = VllmCallObserver.Current;
            return Task.CompletedTask;
        });

        inside.ShouldNotBeNull();
        VllmCallObserver.Current.ShouldBeNull();
    }

    TurnRecord One(Func<Task> work) => Run(work).Turns!.Single();

    LoadReport Run(Func<Task> work) => Run(_ => work());

    LoadReport Run(Func<LoadTurn, Task> work, int requests = 1) => _clock.Run(() => new LoadRunner(new() { TimeProvider = _clock }).RunAsync(
        new() { Phases = [LoadPhase.Users(1, requests) with { Spread = TimeSpan.Zero }], WarmUp = null },
        (turn, _) => work(turn)));
}

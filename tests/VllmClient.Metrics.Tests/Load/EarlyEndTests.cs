using Vllm.Load;

namespace Vllm.Tests.Load;

public sealed class EarlyEndTests
{
    static readonly LoadPlan Plan = new()
    {
        Phases = [LoadPhase.Users(2, TimeSpan.FromSeconds(10)) with { Spread = TimeSpan.Zero }, LoadPhase.Rate(5, TimeSpan.FromSeconds(10))],
        WarmUp = LoadPhase.Users(2, TimeSpan.FromSeconds(2)) with { Spread = TimeSpan.Zero },
    };

    readonly TestClock _clock = new();
    int _running;

    /// <summary>Before the start, in the warm-up, in each phase, in the drain.</summary>
    public static TheoryData<double> Stages => [0, 1.05, 5.05, 15.05, 22.01];

    [Theory]
    [MemberData(nameof(Stages))]
    public void Stop_ends_a_run_at_any_stage_with_a_partial_report(double seconds)
    {
        var runner = new LoadRunner(new() { TimeProvider = _clock });

        var report = _clock.Run(async () =>
        {
            var run = runner.RunAsync(Plan, Work);
            await _clock.Delay(seconds * 1000);
            runner.Stop();
            return await run;
        });

        report.End.ShouldBe(RunEnd.Stopped);
        report.Verdict.ShouldBeOneOf(Verdict.RunInvalid, Verdict.NotEnoughEvidence);
        report.Total.CutOff.ShouldBe(0);
        report.Duration.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(seconds + 0.1));
        report.Checks.Single().Passed.ShouldBe(true);
        NothingIsLeft();
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Cancellation_ends_a_run_at_any_stage_and_keeps_its_partial_report(double seconds)
    {
        using var source = new CancellationTokenSource();

        var error = Should.Throw<LoadCancelledException>(() => _clock.Run(async () =>
        {
            var run = new LoadRunner(new() { TimeProvider = _clock }).RunAsync(Plan, Work, cancellationToken: source.Token);
            await _clock.Delay(seconds * 1000);
            source.Cancel();
            return await run;
        }));

        error.CancellationToken.ShouldBe(source.Token);
        error.Report.End.ShouldBe(RunEnd.Cancelled);
        error.Report.Duration.ShouldBe(TimeSpan.FromSeconds(seconds));
        error.Report.Verdict.ShouldBeOneOf(Verdict.RunInvalid, Verdict.NotEnoughEvidence);
        error.Report.Checks.Single().Passed.ShouldBe(true);
        NothingIsLeft();
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Disposal_acts_as_the_token_and_waits(double seconds)
    {
        var runner = new LoadRunner(new() { TimeProvider = _clock });

        var isOver = _clock.Run(async () =>
        {
            var run = runner.RunAsync(Plan, Work);
            await _clock.Delay(seconds * 1000);
            await runner.DisposeAsync();
            var over = run.IsCompleted || _running == 0;
            (await Record.ExceptionAsync(() => run)).ShouldBeOfType<LoadCancelledException>();
            return over;
        });

        isOver.ShouldBeTrue();
        Should.Throw<ObjectDisposedException>(() => runner.RunAsync(Plan, Work));
        NothingIsLeft();
    }

    [Fact]
    public void A_token_that_has_fired_already_runs_nothing()
    {
        var error = Should.Throw<LoadCancelledException>(() => _clock.Run(() =>
            new LoadRunner(new() { TimeProvider = _clock }).RunAsync(Plan, Work, cancellationToken: new CancellationToken(canceled: true))));

        error.Report.Total.Offered.ShouldBe(0);
        error.Report.Verdict.ShouldBe(Verdict.RunInvalid);
    }

    [Fact]
    public void Stop_gives_running_turns_five_seconds_and_leaves_the_queue()
    {
        var runner = new LoadRunner(new() { TimeProvider = _clock });
        var plan = new LoadPlan { Phases = [LoadPhase.Rate(10, 100) with { Arrivals = Arrivals.Even }], WarmUp = null, MaxInFlight = 1 };

        var report = _clock.Run(async () =>
        {
            var run = runner.RunAsync(plan, (_, token) => _clock.Delay(60_000, token));
            await _clock.Delay(1050);
            runner.Stop();
            return await run;
        });

        report.Duration.ShouldBe(TimeSpan.FromMilliseconds(6050));
        (report.Total.Offered, report.Total.Started, report.Total.CutOff).ShouldBe((11, 1, 1));
        report.Checks.Single().Passed.ShouldBe(true);
    }

    [Fact]
    public void Work_that_ignores_its_token_is_given_up_after_five_seconds()
    {
        using var source = new CancellationTokenSource();
        var release = new TaskCompletionSource();

        var error = Should.Throw<LoadCancelledException>(() => _clock.Run(async () =>
        {
            var run = new LoadRunner(new() { TimeProvider = _clock }).RunAsync(Plan, (_, _) => release.Task, cancellationToken: source.Token);
            await _clock.Delay(5000);
            source.Cancel();
            return await run;
        }));
        release.SetResult();

        error.Report.Duration.ShouldBe(TimeSpan.FromSeconds(10));
        error.Report.WarmUp!.CutOff.ShouldBe(2);
        error.Report.Checks.Single().Passed.ShouldBe(true);
    }

    async Task Work(LoadTurn turn, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _running);
        try
        {
            await _clock.Delay(100, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    void NothingIsLeft()
    {
        _running.ShouldBe(0);
        _clock.Pending.ShouldBe(0);
    }
}

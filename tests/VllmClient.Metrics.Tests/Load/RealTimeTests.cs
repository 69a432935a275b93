using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Vllm.Load;

namespace Vllm.Tests.Load;

public sealed class RealTimeTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_users_and_rates_on_the_system_clock_and_never_early()
    {
        var plan = new LoadPlan { Phases = [LoadPhase.Users(4, 200) with { Spread = TimeSpan.Zero }, LoadPhase.Rate(1000, 100)], WarmUp = LoadPhase.Users(4, 20) };

        var report = await LoadTest.RunAsync(plan, async (_, _) => await Task.Yield(), Token);

        report.Total.Completed.ShouldBe(300);
        report.Phases.Select(p => p.Started).ShouldBe([200, 100]);
        report.Turns!.ShouldAllBe(t => t.Begun >= t.Due && t.Ended >= t.Begun);
        report.Turns!.Where(t => t.Phase != 255).Select(t => t.Index).ShouldBe(Enumerable.Range(0, 300).Select(i => (long)i));
        report.Checks.Single().Passed.ShouldBe(true);
        report.Health.Single().Deterministic.ShouldBeNull();
        report.Health.Single().PacerStep.ShouldNotBeNull();
    }

    [Fact]
    public async Task Work_that_ends_at_once_does_not_hold_the_pacer()
    {
        var report = await LoadTest.RunAsync(new() { Phases = [LoadPhase.Users(3, 3000) with { Spread = TimeSpan.Zero }], WarmUp = null }, (_, _) => Task.CompletedTask, Token);

        report.Total.Completed.ShouldBe(3000);
    }

    [Fact]
    public async Task Work_that_blocks_is_found_out_and_makes_the_run_invalid()
    {
        var plan = new LoadPlan { Phases = [LoadPhase.Rate(200, 60) with { Arrivals = Arrivals.Even }], WarmUp = null };

        // Blocking is the point of this test.
        var report = await LoadTest.RunAsync(plan, (_, _) =>
        {
            Thread.Sleep(20);
            return Task.CompletedTask;
        }, Token);

        report.Health.Single().Dispatch.ShouldBe("pool");
        report.Verdict.ShouldBe(Verdict.RunInvalid);
        report.Reasons.ShouldHaveSingleItem().ShouldStartWith("Turns began late: p90 of the delay is ");
    }

    [Fact]
    public async Task Instruments_tell_the_same_counts_as_the_report()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var completed = new MetricCollector<long>(factory, "VllmClient.Metrics", "vllm.load.completed");
        using var failed = new MetricCollector<long>(factory, "VllmClient.Metrics", "vllm.load.failed");
        using var users = new MetricCollector<double>(factory, "VllmClient.Metrics", "vllm.load.target.users");
        var runner = new LoadRunner(new() { MeterFactory = factory });
        var plan = new LoadPlan { Name = "counted", Phases = [LoadPhase.Users(1, 20) with { Spread = TimeSpan.Zero }], WarmUp = null };

        await runner.RunAsync(plan, (turn, _) =>
        {
            if (turn.Index == 5) turn.Fail("odd");
            if (turn.Index == 19)
            {
                completed.RecordObservableInstruments();
                failed.RecordObservableInstruments();
                users.RecordObservableInstruments();
            }

            return Task.CompletedTask;
        }, cancellationToken: Token);

        completed.LastMeasurement!.Value.ShouldBe(18);
        completed.LastMeasurement.Tags["vllm.load.plan"].ShouldBe("counted");
        completed.LastMeasurement.Tags["vllm.load.phase"].ShouldBe("users");
        failed.LastMeasurement!.Value.ShouldBe(1);
        users.LastMeasurement!.Value.ShouldBe(1);
    }
}

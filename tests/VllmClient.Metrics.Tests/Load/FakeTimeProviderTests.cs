using Microsoft.Extensions.Time.Testing;
using Vllm.Load;

namespace Vllm.Tests.Load;

public sealed class FakeTimeProviderTests
{
    [Fact]
    public async Task A_test_that_advances_the_clock_drives_the_run()
    {
        var clock = new FakeTimeProvider();
        var plan = new LoadPlan { Phases = [LoadPhase.Rate(10, 5) with { Arrivals = Arrivals.Even }, LoadPhase.Users(1, 3) with { Spread = TimeSpan.Zero }], WarmUp = null };

        var run = new LoadRunner(new() { TimeProvider = clock }).RunAsync(
            plan,
            async (_, token) => await Task.Delay(TimeSpan.FromMilliseconds(50), clock, token).ConfigureAwait(false),
            cancellationToken: TestContext.Current.CancellationToken);
        for (var step = 0; step < 100 && !run.IsCompleted; step++) clock.Advance(TimeSpan.FromMilliseconds(50));
        var report = await run;

        report.Turns!.Select(t => t.Due / TimeSpan.TicksPerMillisecond).ShouldBe([0, 100, 200, 300, 400, 400, 450, 500]);
        report.Turns!.ShouldAllBe(t => t.Begun == t.Due && t.Ended == t.Due + (50 * TimeSpan.TicksPerMillisecond));
    }
}

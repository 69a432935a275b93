using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class SummaryTests
{
    static readonly ResourceServer Server = new("gpu-1") { Url = new("http://gpu-1:8000"), PricePerHour = 3.6m, Currency = "EUR" };

    // Ticks of the recordings below are milliseconds.
    static ResourceTimeline Line(IEnumerable<(int Ms, TargetSample Target)> samples) => new(
        [.. samples.Select(sample => new ResourceSample { Timestamp = sample.Ms, Time = DateTimeOffset.UnixEpoch, Targets = [sample.Target] })],
        [new() { Name = "vllm", Target = "gpu-1", State = ResourceSourceState.Ok }, new() { Name = "gpu_exporter", Target = "gpu-1", State = ResourceSourceState.Failing, Reason = "GET gpu-1:9400/metrics: status 500" }],
        [], [Server], 1000, TimeSpan.FromSeconds(1));

    static TargetSample Gpu(int ms, double? joules = null, double? watts = null, bool? isMig = null, long? tokens = null, int restarts = 0) => new()
    {
        Name = "gpu-1",
        Gpus = [new() { Id = "GPU-a", Timestamp = ms, EnergyJoules = joules, PowerWatts = watts, IsMig = isMig }],
        Server = tokens is null ? null : new() { Timestamp = ms, GenerationTokens = tokens, Restarts = restarts },
    };

    static TargetSummary Of(ResourceTimeline line, int from, int to, long? clientTokens = null) => line.Summarize(from, to, clientTokens).Targets.Single();

    static EnergySummary Energy(ResourceTimeline line, int from, int to, long? clientTokens = null) => Of(line, from, to, clientTokens).Energy.ShouldNotBeNull();

    [Fact]
    public void Energy_is_the_difference_of_the_counter()
    {
        var line = Line(Enumerable.Range(0, 21).Select(i => (i * 1000, Gpu(i * 1000, joules: 5000 + (i * 400), watts: 1, tokens: 100 * i))));

        var energy = Energy(line, 0, 20_000);

        energy.Joules.ShouldNotBeNull().ShouldBe(8000, 1e-6);
        (energy.Method, energy.WindowSeconds, energy.CoveredShare, energy.TokensFrom).ShouldBe((EnergyMethod.Counter, 20, 1, TokenCountSource.Server));
        energy.JoulesPerOutputToken.ShouldNotBeNull().ShouldBe(4, 1e-9);
        energy.TokensPerJoule.ShouldNotBeNull().ShouldBe(0.25, 1e-9);
    }

    [Fact]
    public void A_window_between_readings_takes_its_share()
    {
        var line = Line(Enumerable.Range(0, 21).Select(i => (i * 1000, Gpu(i * 1000, joules: i * 400, tokens: 100 * i))));

        var energy = Energy(line, 2500, 14_500);

        energy.Joules.ShouldNotBeNull().ShouldBe(4800, 1e-6);
        energy.JoulesPerOutputToken.ShouldNotBeNull().ShouldBe(4, 1e-9);
    }

    [Fact]
    public void Without_a_counter_power_is_added_up()
    {
        // 100 W to 300 W over 20 s: 200 W on average.
        var line = Line(Enumerable.Range(0, 21).Select(i => (i * 1000, Gpu(i * 1000, watts: 100 + (i * 10)))));

        var energy = Energy(line, 0, 20_000, clientTokens: 1000);

        energy.Joules.ShouldNotBeNull().ShouldBe(4000, 1e-6);
        (energy.Method, energy.TokensFrom).ShouldBe((EnergyMethod.Integrated, TokenCountSource.Client));
        energy.JoulesPerOutputToken.ShouldNotBeNull().ShouldBe(4, 1e-9);
    }

    [Fact]
    public void A_pause_of_more_than_three_intervals_is_not_bridged()
    {
        var line = Line(Enumerable.Range(0, 41).Where(i => i is <= 10 or >= 14).Select(i => (i * 1000, Gpu(i * 1000, watts: 100))));

        var energy = Energy(line, 0, 40_000);
        var worse = Energy(line, 0, 20_000);

        energy.CoveredShare.ShouldBe(0.9, 1e-9);
        energy.Joules.ShouldNotBeNull().ShouldBe(3600, 1e-6);
        (worse.Joules, worse.Reason).ShouldBe((null, "readings cover only 80 % of the window"));
    }

    [Fact]
    public void Nine_seconds_are_too_short()
    {
        var line = Line(Enumerable.Range(0, 21).Select(i => (i * 1000, Gpu(i * 1000, joules: i * 400))));

        var energy = Energy(line, 0, 9000);

        (energy.Joules, energy.Reason).ShouldBe((null, "the window of 9 s is shorter than 10 s"));
    }

    [Fact]
    public void A_partitioned_gpu_has_no_energy_of_its_own()
    {
        var line = Line(Enumerable.Range(0, 21).Select(i => (i * 1000, Gpu(i * 1000, joules: i * 400, isMig: true))));

        Energy(line, 0, 20_000).Reason.ShouldNotBeNull().ShouldContain("MIG");
    }

    [Fact]
    public void A_counter_that_began_anew_leaves_out_that_stretch()
    {
        var line = Line(Enumerable.Range(0, 21).Select(i => (i * 1000, Gpu(i * 1000, joules: i < 10 ? 9000 + (i * 100) : i * 100))));

        var energy = Energy(line, 0, 20_000);

        energy.Joules.ShouldNotBeNull().ShouldBe(1900, 1e-6);
        energy.CoveredShare.ShouldBe(0.95, 1e-9);
    }

    [Fact]
    public void Nobody_counted_tokens() =>
        Energy(Line(Enumerable.Range(0, 21).Select(i => (i * 1000, Gpu(i * 1000, joules: i)))), 0, 20_000).Reason.ShouldBe("nobody counted output tokens");

    [Fact]
    public void Tokens_cost_what_the_hour_costs()
    {
        var line = Line(Enumerable.Range(0, 21).Select(i => (i * 1000, Gpu(i * 1000, tokens: 100 * i))));

        // 3.60 an hour is 0.02 in 20 s, for 2,000 tokens.
        Of(line, 0, 20_000).Cost.ShouldBe(new CostSummary(10, "EUR"));
    }

    [Fact]
    public void A_mean_comes_from_the_counter_and_over_a_restart_from_the_unbroken_parts()
    {
        var line = Line(Enumerable.Range(0, 11).Select(i => (i * 1000, Gpu(i * 1000, tokens: i < 5 ? 100 * i : 50 * i, restarts: i < 5 ? 0 : 1) with
        {
            Machine = new() { Timestamp = i * 1000, Load1 = i },
        })));

        var summary = Of(line, 0, 10_000);

        var total = summary.Totals["server.generationTokens"];
        (total.Value, total.IsAtLeast).ShouldBe((650, true));
        summary.Restarts.ShouldBe(1);
        summary.Figures["machine.load1"].ShouldBe(new ResourceFigure(0, 5, 10, 10, 11));
        summary.Figures.ShouldNotContainKey("server.running");
    }

    [Fact]
    public void Latencies_are_those_of_the_window()
    {
        static ServerHistogram Histogram(int n) => new() { Count = 10 * n, Sum = 2 * n, UpperBounds = [0.1, 0.5, double.PositiveInfinity], CumulativeCounts = [4 * n, 10 * n, 10 * n] };
        var line = Line(Enumerable.Range(0, 11).Select(i => (i * 1000, new TargetSample { Name = "gpu-1", Server = new() { Timestamp = i * 1000, TimeToFirstToken = Histogram(i) } })));

        var latency = Of(line, 2000, 7000).Latencies["timeToFirstToken"];

        (latency.Count, latency.MeanSeconds).ShouldBe((50, 0.2));
        latency.P50.ShouldNotBeNull().Estimate.ShouldNotBeNull().ShouldBe(0.1 + (0.4 * 5 / 30), 1e-9);
    }

    [Fact]
    public void What_is_missing_is_told_with_its_reason()
    {
        var line = Line(Enumerable.Range(0, 3).Select(i => (i * 1000, new TargetSample { Name = "gpu-1", Server = new() { Timestamp = i * 1000, Running = 1 } })));

        line.Summarize(0, 2000).Missing.ShouldBe(
        [
            new("gpu-1", "machine", "no node exporter URL"),
            new("gpu-1", "gpus", "GET gpu-1:9400/metrics: status 500"),
        ]);
    }
}

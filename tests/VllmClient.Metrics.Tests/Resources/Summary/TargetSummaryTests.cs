using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class TargetSummaryTests
{
    static TargetSample Running(int stamp, long? running, double? load = null) => new()
    {
        Name = "gpu-1",
        Server = running is null ? null : new() { Timestamp = stamp, Running = running },
        Machine = load is null ? null : new() { Timestamp = stamp, Load1 = load },
    };

    static TargetSample Tokens(int stamp, long tokens, int restarts = 0) => new() { Name = "gpu-1", Server = new() { Timestamp = stamp, GenerationTokens = tokens, Restarts = restarts } };

    static TargetSummary Of(IEnumerable<(int Second, TargetSample Target)> samples, int from, int to, long? clientTokens = null, params ResourceServer[] servers) =>
        RecordedLine.Of(samples, servers: servers).Summarize(from, to, clientTokens).Targets.Single();

    [Fact]
    public void A_gauge_has_its_ends_its_last_and_its_mean_over_time()
    {
        // 4 to 8 in the first second, 8 to 2 in the second, 2 to 6 in the third: 6, 5 and 4 on average.
        var figure = Of([(0, Running(0, 4)), (1, Running(1, 8)), (2, Running(2, 2)), (3, Running(3, 6)), (4, Running(4, 90))], 0, 3).Figures["server.running"];

        figure.ShouldBe(new ResourceFigure(2, 5, 8, 6, 4));
    }

    [Fact]
    public void A_reading_that_is_shown_again_counts_once()
    {
        var figure = Of([(0, Running(0, 4)), (1, Running(0, 4)), (2, Running(2, 8)), (3, Running(2, 8))], 0, 3).Figures["server.running"];

        figure.ShouldBe(new ResourceFigure(4, 6, 8, 8, 2));
    }

    [Fact]
    public void A_window_between_two_readings_knows_only_its_mean()
    {
        // From 4 at 0 s to 10 at 3 s: 6 at 1 s and 8 at 2 s.
        var figure = Of([(0, Running(0, 4)), (3, Running(3, 10))], 1, 2).Figures["server.running"];

        (figure.Min, figure.Max, figure.Last, figure.Samples).ShouldBe((figure.Mean, figure.Mean, figure.Mean, 0));
        figure.Mean.ShouldBe(7, 1e-12);
    }

    [Fact]
    public void A_single_reading_is_its_own_mean()
    {
        Of([(0, Running(0, 4))], 0, 3).Figures["server.running"].ShouldBe(new ResourceFigure(4, 4, 4, 4, 1));
        Of([(0, Running(0, null, 1)), (9, Running(9, 7, 1))], 0, 10).Figures["server.running"].ShouldBe(new ResourceFigure(7, 7, 7, 7, 1));
    }

    [Fact]
    public void A_part_of_a_second_has_its_mean()
    {
        var line = RecordedLine.Of([(0, Running(0, 4)), (2, Running(2, 8))]);

        // Ticks are quarters of a second here.
        new ResourceTimeline(line.Samples, line.Sources, [], [], 4, TimeSpan.FromSeconds(1)).Summarize(0, 2).Targets.Single().Figures["server.running"].Mean.ShouldBe(6);
    }

    [Fact]
    public void A_figure_never_read_is_not_there()
    {
        var summary = Of([(0, Running(0, 4)), (1, Running(1, 4))], 0, 1);

        summary.Figures.Keys.ShouldBe(["server.running"]);
        summary.Totals.ShouldBeEmpty();
    }

    [Fact]
    public void A_rate_over_a_new_start_is_broken_and_so_is_its_total()
    {
        static TargetSample Rate(int stamp, long tokens, int restarts) => new()
        {
            Name = "gpu-1",
            Server = new() { Timestamp = stamp, GenerationTokens = tokens, GenerationTokensPerSecond = 1, Restarts = restarts },
        };
        var samples = new[] { (0, Rate(0, 10, 0)), (1, Rate(1, 30, 0)), (2, Rate(2, 40, 1)), (3, Rate(3, 50, 1)) };

        var summary = Of(samples, 0, 3);
        var between = RecordedLine.Of([(0, Rate(0, 10, 0)), (3, Rate(3, 50, 1)), (9, Rate(9, 56, 1))]).Summarize(1, 8).Targets.Single();

        // 20 and 10 in the two seconds that are whole.
        summary.Figures["server.generationTokensPerSecond"].ShouldBe(new ResourceFigure(1, 15, 1, 1, 4) { IsBroken = true });
        summary.Totals["server.generationTokens"].ShouldBe(new ResourceTotal(30, true));
        summary.Restarts.ShouldBe(1);
        between.Figures["server.generationTokensPerSecond"].IsBroken.ShouldBeTrue();
    }

    [Fact]
    public void A_mean_between_readings_over_a_new_start_is_broken_too()
    {
        static TargetSample Cpu(int stamp, double seconds) => new() { Name = "app", Process = new() { Timestamp = stamp, CpuTime = TimeSpan.FromSeconds(seconds) } };

        var figure = Of([(0, Cpu(0, 1)), (2, Cpu(2, 5)), (4, Cpu(4, 1)), (6, Cpu(6, 7))], 1, 5).Figures["process.cpuCores"];

        // 2 in the half before, 3 in the half after; no rate was read.
        figure.ShouldBe(new ResourceFigure(2.5, 2.5, 2.5, 2.5, 0) { IsBroken = true });
    }

    [Fact]
    public void A_machine_that_booted_anew_is_broken()
    {
        static TargetSample Sent(int stamp, long bytes, double? boot) => new() { Name = "gpu-1", Machine = new() { Timestamp = stamp, NetworkSentBytes = bytes, BootSeconds = boot } };

        Of([(0, Sent(0, 10, 5000)), (1, Sent(1, 20, 6000)), (2, Sent(2, 30, 6000))], 0, 2).Totals["machine.networkSentBytes"].ShouldBe(new ResourceTotal(10, true));
        Of([(0, Sent(0, 10, null)), (1, Sent(1, 20, null))], 0, 1).Totals["machine.networkSentBytes"].ShouldBe(new ResourceTotal(10, false));
    }

    [Fact]
    public void A_total_of_less_than_a_second_is_a_total()
    {
        var line = RecordedLine.Of([(0, Tokens(0, 10)), (10, Tokens(10, 30))]);

        new ResourceTimeline(line.Samples, line.Sources, [], [], 20, TimeSpan.FromSeconds(1)).Summarize(0, 10).Targets.Single().Totals["server.generationTokens"].ShouldBe(new ResourceTotal(20, false));
        line.Summarize(10, 12).Targets.ShouldBeEmpty();
    }

    [Fact]
    public void Names_the_sources_of_each_part()
    {
        static TargetSample Parts(int stamp, string machine) => new()
        {
            Name = "gpu-1",
            Process = new() { Timestamp = stamp, Source = "process" },
            Machine = new() { Timestamp = stamp, Source = machine, Load1 = 1 },
            Container = new() { Timestamp = stamp, Source = "container" },
            Server = new() { Timestamp = stamp, Source = "vllm" },
            Gpus = [new() { Id = "GPU-a", Timestamp = stamp, Source = "nvml" }, new() { Id = "GPU-b", Timestamp = stamp, Source = "nvml" }],
        };

        Of([(0, Parts(0, "node_exporter")), (1, Parts(1, "machine")), (2, Parts(2, "machine"))], 0, 2).Sources.ShouldBe(
            new Dictionary<string, string> { ["process"] = "process", ["machine"] = "node_exporter+machine", ["container"] = "container", ["gpu"] = "nvml", ["server"] = "vllm" });
        Of([(0, Running(0, 4)), (1, Running(1, 4))], 0, 1).Sources.Keys.ShouldBe(["server"]);
    }

    [Fact]
    public void Gpus_stand_in_the_order_in_which_they_were_first_seen()
    {
        static GpuSample Gpu(string id, int stamp, double watts) => new() { Id = id, Name = $"Card of {id}", Timestamp = stamp, PowerWatts = watts };
        static TargetSample Seen(params GpuSample[] gpus) => new() { Name = "gpu-1", Gpus = gpus };

        var gpus = Of([(0, Seen(Gpu("b", 0, 10))), (1, Seen(Gpu("b", 0, 10), Gpu("a", 1, 50))), (2, Seen(Gpu("b", 2, 30), Gpu("a", 1, 50)))], 0, 2).Gpus;

        gpus.Select(gpu => (gpu.Id, gpu.Name)).ShouldBe([("b", "Card of b"), ("a", "Card of a")]);
        gpus[0].Figures["gpu.powerWatts"].ShouldBe(new ResourceFigure(10, 20, 30, 30, 2));
        gpus[1].Figures["gpu.powerWatts"].ShouldBe(new ResourceFigure(50, 50, 50, 50, 1));
    }

    [Fact]
    public void The_servers_own_tokens_count_before_the_clients()
    {
        var server = new ResourceServer("gpu-1") { PricePerHour = 3.6m, Currency = "EUR" };
        var counted = new[] { (0, Tokens(0, 0)), (10, Tokens(10, 2000)) };

        // 3.60 an hour is 0.01 in ten seconds.
        Of(counted, 0, 10, clientTokens: 500, server).Cost.ShouldBe(new CostSummary(5, "EUR"));
        Of([(0, Running(0, 1)), (10, Running(10, 1))], 0, 10, clientTokens: 500, server).Cost.ShouldBe(new CostSummary(20, "EUR"));
        Of([(0, Running(0, 1)), (10, Running(10, 1))], 0, 10, clientTokens: null, server).Cost.ShouldBe(new CostSummary(null, "EUR"));
        Of(counted, 0, 10, clientTokens: 500, new ResourceServer("gpu-1")).Cost.ShouldBeNull();
        Of(counted, 0, 10, clientTokens: 500, new ResourceServer("other") { PricePerHour = 9 }, server).Cost.ShouldBe(new CostSummary(5, "EUR"));
    }

    [Fact]
    public void The_clients_tokens_are_not_the_applications_own()
    {
        static TargetSample Card(string name, int stamp) => new() { Name = name, Gpus = [new() { Id = "GPU-a", Timestamp = stamp, EnergyJoules = 20 * stamp }] };

        var app = Of(Enumerable.Range(0, 11).Select(s => (s, Card("app", s))), 0, 10, 100, new ResourceServer("gpu-1")).Energy.ShouldNotBeNull();
        var served = Of(Enumerable.Range(0, 11).Select(s => (s, Card("gpu-1", s))), 0, 10, 100, new ResourceServer("gpu-1")).Energy.ShouldNotBeNull();

        (app.JoulesPerOutputToken, app.TokensFrom, app.Reason).ShouldBe((null, null, "nobody counted output tokens"));
        (served.JoulesPerOutputToken, served.TokensFrom, served.Reason).ShouldBe((2, TokenCountSource.Client, null));
    }

    [Fact]
    public void Restarts_are_those_within_the_recording()
    {
        Of([(0, Tokens(0, 9, restarts: 2)), (1, Tokens(1, 10, restarts: 2)), (2, Tokens(2, 5, restarts: 5))], 0, 2).Restarts.ShouldBe(3);
        Of([(0, new() { Name = "gpu-1", Server = new() { Running = 1, Restarts = 2 } })], 0, 2).Restarts.ShouldBe(0);
        Of([(0, Running(0, null, 1))], 0, 2).Restarts.ShouldBe(0);
    }

    [Theory]
    [InlineData(3.6, 20, 2000.0, 10.0)]
    [InlineData(3.6, 10, 1.0, 10_000.0)]
    [InlineData(3.6, 20, null, null)]
    [InlineData(3.6, 20, 0.0, null)]
    [InlineData(0.0, 20, 5.0, 0.0)]
    [InlineData(1e10, 1e6, 1.0, null)]
    [InlineData(1e15, 1, 1.0, null)]
    [InlineData(3.6, 1000, 1e15, 1e-9)]
    public void A_million_tokens_cost_their_share_of_the_hour(double price, double seconds, double? tokens, double? million) =>
        ((double?)SummaryBuilder.Cost((decimal)price, "EUR", seconds, tokens).PerMillionOutputTokens).ShouldBe(million);

    [Fact]
    public void Targets_that_showed_anything_are_there_once()
    {
        TargetSample[] targets =
        [
            new() { Name = "figure", Server = new() { Running = 1 } },
            new() { Name = "gpu", Gpus = [new() { Id = "GPU-a" }] },
            new() { Name = "nothing" },
        ];
        ResourceSourceStatus[] sources = [RecordedLine.Status("vllm", "figure"), RecordedLine.Status("page", "figure"), RecordedLine.Status("nvml", "gpu"), RecordedLine.Status("vllm", "nothing")];

        RecordedLine.Of(targets.Select(target => (0, target)), sources).Summarize(0, 1).Targets.Select(target => target.Name).ShouldBe(["figure", "gpu"]);
    }

    [Fact]
    public void A_target_that_showed_only_totals_or_latencies_is_there()
    {
        static TargetSample Both(int stamp, long count) => new() { Name = "gpu-1", Server = new() { Timestamp = stamp, EndToEnd = new() { Count = count, Sum = 1 } } };

        Of([(0, Both(0, 1)), (1, Both(1, 2))], 0, 1).Latencies.Keys.ShouldBe(["endToEnd"]);
        Of([(0, new() { Name = "app", Process = new() { LockContentions = 1 } }), (1, new() { Name = "app", Process = new() { Timestamp = 1, LockContentions = 4 } })], 0, 1)
            .Totals["process.lockContentions"].ShouldBe(new ResourceTotal(3, false));
    }
}

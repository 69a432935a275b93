using System.Globalization;
using System.Net;
using Vllm.Load;
using Vllm.Resources;
using Vllm.Tests.Resources;

namespace Vllm.Tests.Load;

/// <summary>Load runs that record a probe. The server's pages follow the clock, so that every figure is known beforehand.</summary>
public sealed class RunResourcesTests
{
    const string Metrics = "http://gpu:8000/metrics";
    const string Gpu = "http://gpu:9400/metrics";

    readonly TestClock _clock = new();
    readonly Pages _pages = new();

    public RunResourcesTests()
    {
        _pages.Text("http://gpu:8000/health", "");
        Page(Metrics, seconds => $"vllm:num_requests_running 4\nvllm:num_requests_waiting {(seconds < 10 ? 0 : 2)}\nvllm:kv_cache_usage_perc 0.25\nvllm:generation_tokens_total {seconds * 100}\n");
        Page(Gpu, seconds => $"DCGM_FI_DEV_GPU_UTIL{{UUID=\"GPU-a\"}} 50\nDCGM_FI_DEV_POWER_USAGE{{UUID=\"GPU-a\"}} 400\nDCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{{UUID=\"GPU-a\"}} {seconds * 400_000}\n");
    }

    static LoadPlan Plan => new() { Phases = [LoadPhase.Rate(10, TimeSpan.FromSeconds(20)) with { Arrivals = Arrivals.Even }], WarmUp = LoadPhase.Rate(10, TimeSpan.FromSeconds(5)), Objectives = [Objective.FailedShare(0.05)] };

    void Page(string url, Func<double, FormattableString> text) =>
        _pages.Set(url, _ => Task.FromResult(Answer(text(Seconds).ToString(CultureInfo.InvariantCulture))));

    static HttpResponseMessage Answer(string text, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(text) };

    double Seconds => _clock.GetTimestamp() / (double)TimeSpan.TicksPerSecond;

    LoadReport Run(ResourceProbe? probe, LoadWork? work = null) => _clock.Run(async () =>
    {
        await using var runner = new LoadRunner(new() { TimeProvider = _clock, ResourceProbe = probe });
        return await runner.RunAsync(Plan, work ?? LoadWork.From((_, token) => _clock.Delay(500, token)), cancellationToken: TestContext.Current.CancellationToken);
    });

    ResourceProbe Probe()
    {
        var options = new ResourceProbeOptions { Instruments = false };
        options.Servers.Add(new("gpu-1") { Url = new("http://gpu:8000"), GpuExporter = new(Gpu), PricePerHour = 3.6m });
        return new(options, new() { TimeProvider = _clock, HttpHandler = _pages });
    }

    [Fact]
    public void The_measured_window_is_summarised_to_the_tick()
    {
        var report = Run(Probe());

        // Due from 5.0 to 24.9 s, each half a second long: the window is 5.0 to 25.4 s.
        var resources = report.Resources.ShouldNotBeNull();
        resources.WindowSeconds.ShouldBe(20.4, 1e-9);
        var server = resources.Targets.Single();
        server.Name.ShouldBe("gpu-1");
        server.Sources.ShouldBe(new Dictionary<string, string> { ["server"] = "vllm", ["gpu"] = "gpu_exporter" }, ignoreOrder: true);
        server.Figures["server.running"].ShouldBe(new(4, 4, 4, 4, 22));
        // 0 until the reading at 9 s, 2 from that at 10 s on: half of that second counts.
        server.Figures["server.waiting"].Mean.ShouldBe(2 * (0.5 + 15.4) / 20.4, 1e-9);
        server.Figures["server.kvCacheShare"].Mean.ShouldBe(0.25, 1e-12);
        server.Totals["server.generationTokens"].Value.ShouldBe(2040, 1e-6);
        var energy = server.Energy.ShouldNotBeNull();
        (energy.Joules!.Value, energy.JoulesPerOutputToken!.Value).ShouldBe((8160, 4), new Near());
        energy.TokensFrom.ShouldBe(TokenCountSource.Server);
        server.Gpus.Single().Figures["gpu.powerWatts"].Mean.ShouldBe(400, 1e-9);
        // 3.60 an hour over 2,040 tokens in 20.4 s.
        server.Cost!.PerMillionOutputTokens!.Value.ShouldBe(10, 1e-6m);
        resources.Gaps.ShouldBeEmpty();
        resources.Missing.ShouldBe([new("app", "process", "time is virtual, and this machine's is not"), new("gpu-1", "machine", "no node exporter URL")]);
        report.Health.Single().Deterministic.ShouldBe(true);
        _clock.Pending.ShouldBe(1);
    }

    [Fact]
    public void Readings_stand_on_the_time_axis_of_the_turns()
    {
        // The clock shows another time than the run's own when that begins.
        _clock.Run(async () =>
        {
            await _clock.Delay(100_000, TestContext.Current.CancellationToken);
            return 0;
        });
        Page(Metrics, seconds => $"vllm:num_requests_waiting {(seconds < 110 ? 0 : 2)}\n");
        var report = Run(Probe());

        var track = report.ResourceTracks.Single(track => track.Part == "server");
        (track.Target, track.Source, track.Gpu).ShouldBe(("gpu-1", "vllm", null));
        track.AtSeconds.Distinct().ShouldBe([.. Enumerable.Range(0, 26).Select(i => (double)i), 25.4]);
        track.Values["server.waiting"].Zip(track.AtSeconds).ShouldAllBe(pair => pair.First == (pair.Second < 10 ? 0 : 2));
        report.ResourceTracks.Single(track => track.Part == "gpu").Gpu.ShouldBe("GPU-a");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("hang")]
    [InlineData("garbage")]
    public void A_source_that_fails_and_returns_leaves_a_gap_and_harms_nothing_else(string how)
    {
        var whole = Run(null);
        var clock = new RunResourcesTests();
        clock._pages.Set(Gpu, token => clock.Seconds is >= 8 and < 14
            ? how switch
            {
                "status" => Task.FromResult(Answer("", HttpStatusCode.BadGateway)),
                "garbage" => Task.FromResult(Answer("<html>")),
                _ => clock.HangAsync(token),
            }
            : Task.FromResult(Answer("DCGM_FI_DEV_POWER_USAGE{UUID=\"GPU-a\"} 400\n")));

        var report = clock.Run(clock.Probe());

        var gap = report.Resources!.Gaps.ShouldHaveSingleItem();
        (gap.Target, gap.Source, gap.State).ShouldBe(("gpu-1", "gpu_exporter", how == "garbage" ? ResourceSourceState.Absent : ResourceSourceState.Failing));
        gap.Reason.ShouldBe(how switch { "status" => "GET gpu:9400/metrics: status 502", "garbage" => "GET gpu:9400/metrics has no series of a GPU exporter", _ => "no answer within 2 s" });
        gap.FromSeconds.ShouldBe(how == "hang" ? 10 : 8, 1e-9);
        // Tries follow after 1, 2 and 4 s, and one that hangs takes 2 s itself.
        gap.ToSeconds.ShouldBeInRange(14, 18);
        report.ResourceTracks.Single(track => track.Part == "gpu").AtSeconds.ShouldAllBe(at => at < 8 || at >= 14);
        report.Resources.Targets.Single().Energy!.Reason.ShouldNotBeNull().ShouldContain("readings cover only");
        report.Resources.Targets.Single().Figures["server.running"].ShouldBe(new(4, 4, 4, 4, 22));
        report.Turns.ShouldBe(whole.Turns!);
        (report.Verdict, report.End, report.Total.Completed).ShouldBe((whole.Verdict, whole.End, whole.Total.Completed));
        report.Health.Single().Deterministic.ShouldBe(true);
    }

    [Fact]
    public void A_probe_that_is_disposed_in_mid_run_harms_nothing()
    {
        var probe = Probe();
        var count = 0;

        var report = Run(probe, LoadWork.From(async (_, token) =>
        {
            if (++count == 120) await probe.DisposeAsync();
            await _clock.Delay(500, token);
        }));

        report.Verdict.ShouldBe(Verdict.Met);
        report.Total.Completed.ShouldBe(200);
        report.Resources.ShouldNotBeNull().Targets.Single().Figures["server.running"].Samples.ShouldBeInRange(5, 15);
    }

    [Fact]
    public void A_probe_that_is_disposed_before_the_run_is_an_error()
    {
        var probe = Probe();
        _clock.Run(async () =>
        {
            await probe.DisposeAsync();
            return 0;
        });

        Should.Throw<ObjectDisposedException>(() => Run(probe));
    }

    [Fact]
    public async Task A_probe_of_another_clock_is_refused()
    {
        await using var probe = Probe();

        Should.Throw<ArgumentException>(() => new LoadRunner(new() { ResourceProbe = probe })).Message.ShouldContain("Give both the same one");
    }

    [Fact]
    public void Without_a_client_virtual_time_has_nothing_to_show() => Run(null).Resources.ShouldBeNull();

    [Fact]
    public void A_client_that_cannot_tell_is_missing_with_the_reason()
    {
        var report = Run(null, LoadWork.Chat(new FakeClient(_clock, (_, _) => { }), Prompts.Fixed("Hi")));

        report.Total.Failed.ShouldBe(0);
        report.Resources.ShouldNotBeNull().Missing.ShouldContain(missing => missing.Target == "server" && missing.Part == "server" && missing.Reason.Length > 0);
        report.Resources.Targets.ShouldBeEmpty();
    }

    [Fact]
    public async Task On_real_time_the_application_is_always_watched()
    {
        var report = await LoadTest.RunAsync(new() { Phases = [LoadPhase.Users(2, 4)], WarmUp = null }, (_, _) => Task.CompletedTask, TestContext.Current.CancellationToken);

        var app = report.Resources.ShouldNotBeNull().Targets.Single();
        app.Name.ShouldBe("app");
        app.Figures["process.workingSetBytes"].Max.ShouldBeGreaterThan(1e6);
        app.Sources["process"].ShouldBe("process");
        report.ResourceTracks.ShouldContain(track => track.Part == "process" && track.AtSeconds.Count >= 2);
    }

    async Task<HttpResponseMessage> HangAsync(CancellationToken token)
    {
        await _clock.Delay(3_600_000, token);
        throw new InvalidOperationException("It was to be cancelled.");
    }

    sealed class Near : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) a, (double, double) b) => Math.Abs(a.Item1 - b.Item1) < 1e-6 && Math.Abs(a.Item2 - b.Item2) < 1e-9;

        public int GetHashCode((double, double) pair) => 0;
    }
}

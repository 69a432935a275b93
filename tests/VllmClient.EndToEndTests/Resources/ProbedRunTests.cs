using System.Text.Json.Nodes;
using Vllm.Load;
using Vllm.Reports;
using Vllm.Resources;
using Vllm.Simulator;

namespace Vllm.Tests.EndToEnd;

/// <summary>Load runs that record their resources, against a server that keeps a log of the truth.</summary>
public sealed class ProbedRunTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static (LoadReport Report, VllmSimulator Server) Virtual(LoadPlan plan, SimulatorOptions options, Func<VllmSimulator, TimeProvider, ResourceProbe?> probe, Action<VllmSimulator>? before = null)
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(options, time);
        before?.Invoke(server);
        using var http = new HttpClient(server.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new VllmClient(http, new(), new() { TimeProvider = time });
        var report = time.Run(async () =>
        {
            await using var runner = new LoadRunner(new() { TimeProvider = time, ResourceProbe = probe(server, time) });
            return await runner.RunAsync(plan, LoadWork.Chat(client, Prompts.Fixed("Explain general relativity to a class of curious children.", 200)), cancellationToken: Token);
        });
        return (report, server);
    }

    static ResourceProbe Probe(VllmSimulator server, TimeProvider time)
    {
        var options = new ResourceProbeOptions { Instruments = false };
        options.Servers.Add(new("sim") { Url = new("http://sim"), GpuExporter = new("http://sim/dcgm/metrics"), PricePerHour = 2.99m });
        return new(options, new() { TimeProvider = time, HttpHandler = server.CreateHandler() });
    }

    static LoadPlan Plan => new() { Phases = [LoadPhase.Users(20, TimeSpan.FromSeconds(60))], WarmUp = LoadPhase.Users(20, TimeSpan.FromSeconds(5)) };

    [Fact]
    public void Figures_of_the_server_are_those_of_its_log()
    {
        var (report, server) = Virtual(Plan, SimulatorOptions.H100Llama8B, Probe);

        var target = report.Resources.ShouldNotBeNull().Targets.Single();
        // The window cuts the first and last second's growth, so the whole run's counter is compared below, by the check.
        var tokens = target.Totals["server.generationTokens"].Value;
        tokens.ShouldBe(report.Total.OutputTokens!.Value, 0.02 * tokens);
        target.Figures["server.running"].Mean.ShouldBe(report.Total.MeanInFlight, 0.05 * report.Total.MeanInFlight);
        target.Figures["server.waiting"].Max.ShouldBeLessThanOrEqualTo(20);
        target.Figures["server.kvCacheShare"].Mean.ShouldBeInRange(0.001, 0.02);
        var energy = target.Energy.ShouldNotBeNull();
        (energy.Method, energy.TokensFrom, energy.Reason).ShouldBe((EnergyMethod.Counter, TokenCountSource.Server, null));
        // Nearly always in a step, which draws 70 + 630 x 0.6 W and a little for computing.
        (energy.Joules!.Value / energy.WindowSeconds).ShouldBeInRange(430, 470);
        (energy.JoulesPerOutputToken!.Value * tokens).ShouldBe(energy.Joules.Value, 0.001);
        target.Gpus.Single().Figures["gpu.utilizationShare"].Mean.ShouldBeGreaterThan(0.95);
        target.Cost!.PerMillionOutputTokens.ShouldNotBeNull();
        report.Health.Single().Deterministic.ShouldBe(true);

        report.Checks.Select(check => (check.Name, check.Passed)).ShouldBe([("check-sum", true), ("check-tokens", true), ("check-requests", true), ("check-in-flight", true)]);
        report.Checks.Single(check => check.Name == "check-tokens").Expected.ShouldBe(server.Truth.Requests.Skip(1).Sum(request => request.OutputTokens), "The first asks only whether the model answers, before anything is recorded.");
    }

    [Fact]
    public void The_runner_watches_the_server_behind_the_client_by_itself()
    {
        var (report, _) = Virtual(Plan, SimulatorOptions.H100Llama8B, (_, _) => null);

        var target = report.Resources.ShouldNotBeNull().Targets.Single();
        target.Name.ShouldBe("server");
        target.Sources.ShouldBe(new Dictionary<string, string> { ["server"] = "vllm" });
        target.Figures["server.running"].Mean.ShouldBe(report.Total.MeanInFlight, 0.05 * report.Total.MeanInFlight);
        report.Resources.Missing.ShouldContain(new MissingPart("server", "gpus", "no GPU exporter URL"));
        report.Checks.ShouldAllBe(check => check.Passed == true);
        report.Health.Single().Deterministic.ShouldBe(true);
    }

    [Fact]
    public void Two_virtual_runs_are_equal_to_the_byte()
    {
        static string Json() => (Virtual(Plan, SimulatorOptions.H100Llama8B, Probe).Report with { Environment = new() }).ToJson(new() { Turns = true });

        Json().ShouldBe(Json());
    }

    [Fact]
    public async Task Others_traffic_is_seen()
    {
        await using var simulator = new VllmSimulator(SimulatorOptions.Instant);
        using var client = new VllmClient(new VllmClientOptions { BaseUrl = await simulator.StartAsync(0, Token) });
        var plan = new LoadPlan { Phases = [LoadPhase.Users(2, 20)], WarmUp = null };
        var isOther = false;

        var report = await LoadTest.RunAsync(plan, LoadWork.From(async (turn, token) =>
        {
            if (!isOther)
            {
                isOther = true;
                Task other;
                using (ExecutionContext.SuppressFlow())
                    other = Task.Run(() => client.ChatAsync(new ChatRequest { Messages = [ChatMessage.User("Not of this run")], MaxTokens = 7 }, cancellationToken: Token), Token);
                await other;
            }

            await client.ChatAsync(new ChatRequest { Messages = [ChatMessage.User("Hi")], MaxTokens = 16 }, cancellationToken: token);
        }, client), Token);

        report.Checks.Single(check => check.Name == "check-requests").Message.ShouldBe("finished requests: client 20, server 21 (+1: other traffic?)");
        report.Checks.Single(check => check.Name == "check-tokens").Passed.ShouldBe(false);
        report.Verdict.ShouldBe(Verdict.Met);
    }

    [Fact]
    public async Task Everything_is_in_the_report_with_its_source()
    {
        await using var simulator = new VllmSimulator(SimulatorOptions.H100Llama8B);
        var url = await simulator.StartAsync(0, Token);
        using var client = new VllmClient(new VllmClientOptions { BaseUrl = url });
        var options = new ResourceProbeOptions { Instruments = false, Interval = TimeSpan.FromMilliseconds(500) };
        options.Servers.Add(new("sim") { Url = url, GpuExporter = new(url, "dcgm/metrics") });
        await using var probe = new ResourceProbe(options);
        await using var runner = new LoadRunner(new() { ResourceProbe = probe });

        var report = await runner.RunAsync(new() { Phases = [LoadPhase.Users(8, TimeSpan.FromSeconds(12))], WarmUp = null }, LoadWork.Complete(client, Prompts.Fixed("Hello there", 120)), cancellationToken: Token);

        using var text = new StringWriter();
        report.WriteTo(text);
        foreach (var mark in (string[])["[process]", "[machine]", "[vllm]", "[gpu_exporter]", "[energy counter]", " J/token", "KV ", "running ", "waiting ", " W ", "no node exporter URL"]) text.ToString().ShouldContain(mark);
        var json = JsonNode.Parse(report.ToJson())!;
        var targets = json["resources"]!["targets"]!.AsArray();
        targets[0]!["figures"]!["process.cpuCores"]!["mean"]!.GetValue<double>().ShouldBeGreaterThan(0);
        targets[0]!["sources"]!["process"]!.GetValue<string>().ShouldBe("process");
        targets[1]!["energy"]!["method"]!.GetValue<string>().ShouldBe("counter");
        targets[1]!["energy"]!["joulesPerOutputToken"]!.GetValue<double>().ShouldBeGreaterThan(0);
        json["resources"]!["missing"]!.AsArray().ShouldContain(missing => missing!["part"]!.GetValue<string>() == "machine" && missing["target"]!.GetValue<string>() == "sim");
        json["resourceTracks"]!.AsArray().Select(track => track!["part"]!.GetValue<string>()).ShouldContain("gpu");
        LoadReport.FromJson(report.ToJson()).ToJson().ShouldBe(report.ToJson());
    }
}

using Microsoft.Extensions.DependencyInjection;
using Vllm.Resources;
using Vllm.Simulator;

namespace Vllm.Tests.EndToEnd;

/// <summary>The probe beside a client, both at a server that keeps a log of the truth.</summary>
public sealed class ProbedSimulatorTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_servers_tokens_are_those_of_its_own_log()
    {
        await using var simulator = new VllmSimulator(SimulatorOptions.Instant);
        var url = await simulator.StartAsync(0, Token);
        var services = new ServiceCollection();
        services.AddVllmClient(options => options.BaseUrl = url);
        services.AddVllmResourceProbe(options => options.Instruments = false);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IVllmClient>();
        var probe = provider.GetRequiredService<ResourceProbe>();
        var recording = await probe.RecordAsync(Token);

        for (var i = 0; i < 5; i++) await client.ChatAsync(new ChatRequest { Messages = [ChatMessage.User("Hello")], MaxTokens = 40 }, cancellationToken: Token);
        var timeline = await recording.StopAsync(Token);

        var (first, last) = (timeline.Samples[0]["vllm"]!.Server!, timeline.Samples[^1]["vllm"]!.Server!);
        (last.GenerationTokens - first.GenerationTokens).ShouldBe(simulator.Truth.Requests.Sum(request => request.OutputTokens));
        last.Healthy.ShouldBe(true);
        var app = timeline.Samples[^1]["app"].ShouldNotBeNull();
        app.Process.ShouldNotBeNull().CpuTime.ShouldNotBeNull();
        app.Machine.ShouldNotBeNull().LogicalCpus.ShouldNotBeNull();
        var summary = timeline.Summarize(timeline.Samples[0].Timestamp, timeline.Samples[^1].Timestamp);
        summary.Targets.Select(target => target.Name).ShouldBe(["app", "vllm"]);
        summary.Missing.ShouldContain(missing => missing.Target == "vllm" && missing.Part == "machine");
    }
}

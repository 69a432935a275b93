using System.Globalization;
using Vllm.Load;
using Vllm.Simulator;

namespace Vllm.Tests.Benchmarks;

/// <summary>The load runner at full speed: 64 users against a simulator that takes no time, in a process of its own.</summary>
static class RunnerReport
{
    const int Users = 64;
    const int Requests = 2000;
    const int Tokens = 128;

    /// <summary>The simulator, until the parent closes the pipe.</summary>
    internal static async Task ServeAsync()
    {
        await using var server = new VllmSimulator(SimulatorOptions.Instant);
        Console.WriteLine((await server.StartAsync()).Port.ToString(CultureInfo.InvariantCulture));
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
    }

    internal static async Task<string> MeasureAsync()
    {
        using var server = new ProducerProcess("simulator");
        using var listener = StreamVariants.Listen();
        using var client = new VllmClient(server.Url);
        await RunAsync(client, Requests / 4);

        var cpu = Environment.CpuUsage.TotalTime;
        var report = await RunAsync(client, Requests);
        cpu = Environment.CpuUsage.TotalTime - cpu;

        var tokens = report.Total.OutputTokens ?? throw new InvalidOperationException("The run brought no token counts.");
        var seconds = report.Duration.TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"""

            ## Load runner: {Users} users on `SimulatorOptions.Instant`, {Requests} chats of {Tokens} tokens, streamed

            |figure|value|
            |---|---|
            |completed|{report.Total.Completed} of {report.Total.Started}|
            |output tokens per second|{report.Total.OutputTokensPerSecond:0}|
            |CPU of the runner's process per token|{cpu.TotalMicroseconds / tokens:0.00} µs|
            |cores it used|{cpu.TotalSeconds / seconds:0.00}|

            Client and simulator share the machine's {Environment.ProcessorCount} cores, so tokens per second is what both reach together.

            """);
    }

    static Task<LoadReport> RunAsync(VllmClient client, int requests) => LoadTest.RunAsync(
        new LoadPlan { WarmUp = null, Phases = [LoadPhase.Users(Users, requests: requests)] },
        LoadWork.Chat(client, Prompts.Fixed(ChatEvents.Prompt, maxTokens: Tokens), request => request with { IgnoreEos = true }));
}

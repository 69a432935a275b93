using Vllm.Load;
using Vllm.Reports;
using Vllm.Simulator;

namespace Vllm.Tests.AotSmoke;

/// <summary>The load runner and its report, on real and on virtual time.</summary>
static class LoadPart
{
    static readonly Prompts Question = Prompts.Fixed("Explain general relativity.", maxTokens: 8);

    internal static async Task RunAsync(IVllmClient client)
    {
        var plan = new LoadPlan { WarmUp = null, Phases = [LoadPhase.Users(2, requests: 4)], Objectives = [Objective.FailedShare(0.5)] };
        var report = await LoadTest.RunAsync(plan, LoadWork.Chat(client, Question));
        Check(report, 4);
        Check(RunOnVirtualTime(), 20);
    }

    static LoadReport RunOnVirtualTime()
    {
        var time = new VirtualTimeProvider();
        var simulator = new VllmSimulator(SimulatorOptions.Fixed(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10)), time);
        using var http = new HttpClient(simulator.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new VllmClient(http, new VllmClientOptions(), new VllmClientServices { TimeProvider = time });
        var plan = new LoadPlan { WarmUp = null, Phases = [LoadPhase.Rate(10, requests: 20)], Objectives = [Objective.TimeToFirstToken(0.5, TimeSpan.FromSeconds(1))] };
        return time.Run(() => new LoadRunner(new LoadRunnerServices { TimeProvider = time }).RunAsync(plan, LoadWork.Complete(client, Question)));
    }

    static void Check(LoadReport report, long turns)
    {
        if (report.Total.Completed != turns) throw new InvalidOperationException($"{report.Total.Completed} of {turns} turns completed.");
        using var text = new StringWriter();
        report.WriteTo(text);
        if (!text.ToString().Contains("Total requests", StringComparison.Ordinal)) throw new InvalidOperationException("The console report lacks its first figure.");
        using var stream = new MemoryStream();
        report.WriteJson(stream);
        stream.Position = 0;
        if (LoadReport.FromJson(stream).Total.Completed != turns) throw new InvalidOperationException("The JSON report does not read back as it was written.");
    }
}

using Vllm.Load;
using Vllm.Simulator;

namespace Vllm.Tests.EndToEnd;

/// <summary>The report against the server's own log of what it did.</summary>
public sealed class TruthTests
{
    [Fact]
    public void On_virtual_time_every_figure_of_a_fixed_server_has_its_closed_form()
    {
        var report = RunFixed();

        report.Total.Started.ShouldBe(200);
        report.Total.Completed.ShouldBe(200);
        report.Total.Failed.ShouldBe(0);
        AllAre(report.Total.TimeToFirstToken, 200, TimeSpan.FromMilliseconds(50));
        AllAre(report.Total.TimeToFirstTokenFromDue, 200, TimeSpan.FromMilliseconds(50));
        AllAre(report.Total.TimePerOutputToken, 200, TimeSpan.FromMilliseconds(10));
        AllAre(report.Total.LongestGap, 200, TimeSpan.FromMilliseconds(10));
        AllAre(report.Total.Duration, 200, TimeSpan.FromMilliseconds(150));
        AllAre(report.Total.DurationFromDue, 200, TimeSpan.FromMilliseconds(150));
        AllAre(report.Total.OutputLength, 200, 11.0);
        report.Total.ChunkGap!.Count.ShouldBe(2000);
        report.Total.OutputTokens.ShouldBe(2200);
        report.Verdict.ShouldBe(Verdict.Met);
    }

    [Fact]
    public void On_virtual_time_every_turn_stands_where_the_plan_put_it()
    {
        var report = RunFixed();

        var turns = report.Turns.ShouldNotBeNull();
        turns.Count.ShouldBe(200);
        foreach (var turn in turns)
        {
            var due = turn.Index * TimeSpan.TicksPerMillisecond * 10;
            turn.Due.ShouldBe(due);
            turn.Begun.ShouldBe(due);
            turn.Sent.ShouldBe(due);
            turn.FirstContent.ShouldBe(due + (50 * TimeSpan.TicksPerMillisecond));
            turn.LastContent.ShouldBe(due + (150 * TimeSpan.TicksPerMillisecond));
        }
    }

    [Fact]
    public void Two_runs_of_one_plan_on_virtual_time_are_equal_turn_by_turn()
    {
        var one = RunModel(seed: 7);
        var two = RunModel(seed: 7);
        var other = RunModel(seed: 8);

        one.Turns.ShouldBe(two.Turns);
        one.ScheduleHash.ShouldBe(two.ScheduleHash);
        one.Turns.ShouldNotBe(other.Turns);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_a_real_port_every_turn_agrees_with_the_servers_log(bool chat)
    {
        await using var server = new VllmSimulator(SimulatorOptions.H100Llama8B);
        using var client = new VllmClient(await server.StartAsync(cancellationToken: TestContext.Current.CancellationToken));
        var prompts = Prompts.Fixed("Explain general relativity.", maxTokens: 40);
        var plan = new LoadPlan { WarmUp = null, Phases = [LoadPhase.Users(8, requests: 48)] };

        var report = await LoadTest.RunAsync(
            plan, chat ? LoadWork.Chat(client, prompts) : LoadWork.Complete(client, prompts), TestContext.Current.CancellationToken);

        report.Total.Completed.ShouldBe(48);
        var log = server.Truth.Requests.Where(request => request.RequestId.Length == 32 && request.IsStream).ToDictionary(request => Convert.ToInt64(request.RequestId[16..], 16));
        log.Count.ShouldBe(48);
        foreach (var turn in report.Turns!)
        {
            var truth = log[turn.Index];
            turn.OutputTokens.ShouldBe(truth.OutputTokens);
            turn.InputTokens.ShouldBe(truth.InputTokens);
            turn.Chunks.ShouldBe(truth.WriteTimes.Count);
            // What the client waited includes what the server took: it cannot have been less.
            TimeSpan.FromTicks((turn.FirstContent - turn.Sent)!.Value).ShouldBeGreaterThanOrEqualTo(truth.WriteTimes[0] - truth.Received);
            TimeSpan.FromTicks((turn.LastContent - turn.Sent)!.Value).ShouldBeGreaterThanOrEqualTo(truth.WriteTimes[^1] - truth.Received);
        }

        report.Total.OutputTokens.ShouldBe(log.Values.Sum(request => (long)request.OutputTokens));
        report.Total.PeakInFlight.ShouldBeLessThanOrEqualTo(8);
    }

    static LoadReport RunFixed() => Run(
        SimulatorOptions.Fixed(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10)),
        new LoadPlan { WarmUp = null, Phases = [LoadPhase.Rate(100, requests: 200) with { Arrivals = Arrivals.Even }] }, maxTokens: 11);

    static LoadReport RunModel(ulong seed) => Run(
        SimulatorOptions.H100Llama8B,
        new LoadPlan { Seed = seed, WarmUp = LoadPhase.Users(4, requests: 4), Phases = [LoadPhase.Rate(20, requests: 60), LoadPhase.Users(6, requests: 30)] }, maxTokens: 30);

    static LoadReport Run(SimulatorOptions options, LoadPlan plan, int maxTokens)
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(options, time);
        using var http = new HttpClient(server.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new VllmClient(http, new VllmClientOptions(), new VllmClientServices { TimeProvider = time });
        var work = LoadWork.Complete(client, Prompts.Fixed("Once upon a time", maxTokens), request => request with { IgnoreEos = true });
        return time.Run(async () =>
        {
            await using var runner = new LoadRunner(new LoadRunnerServices { TimeProvider = time });
            return await runner.RunAsync(plan, work);
        });
    }

    static void AllAre<T>(Statistics.Distribution<T>? figure, long count, T value)
        where T : struct
    {
        figure.ShouldNotBeNull();
        figure.Count.ShouldBe(count);
        figure.Missing.ShouldBe(0);
        figure.Min.ShouldBe(value);
        figure.Max.ShouldBe(value);
        figure.P50!.Value.ShouldBe(value);
        figure.P95!.Value.ShouldBe(value);
        figure.Mean.ShouldBe(value);
        figure.StandardDeviation.ShouldBe(default(T));
    }
}

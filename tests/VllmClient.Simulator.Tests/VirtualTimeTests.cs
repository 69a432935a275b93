using System.Security.Cryptography;
using System.Text;
using Vllm.Simulator;

namespace Vllm.Tests;

public sealed class VirtualTimeTests
{
    [Fact]
    public void Timers_fire_in_order_of_due_time_then_creation_with_the_clock_at_their_due_time()
    {
        var time = new VirtualTimeProvider();
        var fired = new List<(string, double)>();
        async Task Wait(string name, int milliseconds)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time);
            fired.Add((name, time.GetElapsedTime(0).TotalMilliseconds));
        }

        time.Run(() => Task.WhenAll(Wait("b", 20), Wait("a", 10), Wait("c", 20)));

        fired.ShouldBe([("a", 10), ("b", 20), ("c", 20)]);
    }

    [Fact]
    public void An_hour_passes_at_once_and_periodic_timers_tick()
    {
        var time = new VirtualTimeProvider();
        var ticks = 0;
        using var timer = time.CreateTimer(_ => ticks++, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

        time.Run(() => Task.Delay(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1), time));

        ticks.ShouldBe(60);
        time.GetUtcNow().ShouldBe(new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero).AddMilliseconds(1));
    }

    [Fact]
    public void Waiting_for_something_outside_is_said_and_not_waited_for_ever() =>
        Should.Throw<InvalidOperationException>(() => new VirtualTimeProvider().Run(() => new TaskCompletionSource().Task))
            .Message.ShouldContain("waits for something outside virtual time");

    [Fact]
    public void A_planted_hop_to_the_pool_is_counted()
    {
        var time = new VirtualTimeProvider();

        time.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), time);
            await Task.Run(time.GetTimestamp);
        });

        time.PoolHops.ShouldBe(1);
    }

    [Fact]
    public void An_exception_of_the_body_comes_out_as_it_is()
    {
        var time = new VirtualTimeProvider();

        Should.Throw<FormatException>(() => time.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), time);
            throw new FormatException("planted");
        }));
    }

    [Fact]
    public void Two_runs_give_the_same_truth_and_bytes_and_another_seed_does_not()
    {
        var first = HashOfRun(1);

        first.ShouldBe(HashOfRun(1));
        first.ShouldNotBe(HashOfRun(2));
    }

    static string HashOfRun(ulong seed)
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(new SimulatorOptions { Seed = seed, RequestIdHeaders = true }, time);
        using var client = server.Client();
        async Task<string> UserAsync(int user)
        {
            var text = new StringBuilder();
            for (var turn = 0; turn < 3; turn++)
            {
                var json = $$"""{"prompt":"user {{user}} turn {{turn}}","max_tokens":40,"n":{{1 + (user % 2)}},"stream":{{(user % 3 > 0 ? "true" : "false")}}}""";
                var answer = await Ask.PostAsync(client, "/v1/completions", json, time);
                text.AppendJoin('\n', answer.Reads.Select(read => $"{read.At.Ticks} {read.Text}"));
                text.AppendJoin('\n', answer.Headers);
            }

            return text.ToString();
        }

        var bytes = time.Run(() => Task.WhenAll(Enumerable.Range(0, 20).Select(UserAsync)));
        var truth = new StringWriter();
        server.Truth.WriteJsonl(truth);
        time.PoolHops.ShouldBe(0);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(truth + string.Concat(bytes))));
    }
}

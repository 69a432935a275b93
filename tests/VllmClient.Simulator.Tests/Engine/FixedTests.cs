using Vllm.Simulator;

namespace Vllm.Tests.Engine;

public sealed class FixedTests
{
    static SimulatorOptions Fixed => SimulatorOptions.Fixed(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10));

    [Fact]
    public void Each_read_returns_at_its_closed_form_to_the_tick()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(Fixed, time);
        using var client = server.Client();

        var answer = time.Run(() => Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(5), time));

        answer.Reads.Select(read => read.At.TotalMilliseconds).ShouldBe([50, 60, 70, 80, 90]);
        answer.Reads[0].Text.Split("data: ").Length.ShouldBe(3, "role and first content share a write");
        time.PoolHops.ShouldBe(0);
    }

    [Fact]
    public void Load_changes_nothing()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(Fixed, time);
        using var client = server.Client();

        var answers = time.Run(() => Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(3), time))));

        answers.ShouldAllBe(answer => answer.Reads.Count == 3 && answer.Reads[2].At == TimeSpan.FromMilliseconds(70));
    }

    [Fact]
    public void An_interval_of_four_sends_the_first_token_at_once_and_the_rest_by_four()
    {
        var time = new VirtualTimeProvider();
        var options = Fixed;
        options.StreamInterval = 4;
        var server = new VllmSimulator(options, time);
        using var client = server.Client();

        var answer = time.Run(() => Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(11), time));

        answer.Reads.Select(read => read.At.TotalMilliseconds).ShouldBe([50, 90, 130, 150]);
        server.Truth.Requests[0].ChunkTokens.ShouldBe([1, 4, 4, 2]);
        server.Truth.Requests[0].TokenTimes.Select(at => at.TotalMilliseconds).ShouldBe(Enumerable.Range(0, 11).Select(j => 50.0 + (10 * j)));
    }

    [Fact]
    public void The_truth_holds_the_moments_that_the_client_saw()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(Fixed, time);
        using var client = server.Client();

        time.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(7), time);
            await Ask.PostAsync(client, "/v1/completions", """{"prompt":"Once","max_tokens":4,"stream":true}""", time, ("X-Request-Id", "order-42"));
        });

        var request = server.Truth.Find("order-42").ShouldNotBeNull();
        request.Received.ShouldBe(TimeSpan.FromMilliseconds(7));
        request.Arrived.ShouldBe(request.Received);
        request.FirstToken.ShouldBe(TimeSpan.FromMilliseconds(57));
        request.LastToken.ShouldBe(TimeSpan.FromMilliseconds(87));
        request.Closed.ShouldBe(TimeSpan.FromMilliseconds(87));
        request.WriteTimes.ShouldBe(request.TokenTimes);
        request.Outcome.ShouldBe(RequestOutcome.Finished);
        request.FinishReason.ShouldBe("length");
    }
}

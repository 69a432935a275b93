using System.Net;
using Vllm.Resources;
using Vllm.Testing;

namespace Vllm.Tests.Resources;

/// <summary>A server's page and its word on its engine come in any order, and give one state.</summary>
public sealed class DeadEngineTests : IDisposable
{
    readonly TickClock _clock = new();
    readonly Pages _pages = new();

    public static TheoryData<string, bool> Endings
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var ending in new[] { "absent", "broken", "html", "refused", "hangs" })
            {
                data.Add(ending, true);
                data.Add(ending, false);
            }

            return data;
        }
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _pages.Dispose();

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task A_dead_engine_is_told_whatever_comes_of_its_page_and_whichever_answers_first(string metrics, bool healthFirst)
    {
        var first = new TaskCompletionSource();
        _pages.Set("http://gpu-1:8000/metrics", token => After(healthFirst ? first.Task : Task.CompletedTask, metrics, token));
        _pages.Set("http://gpu-1:8000/health", token => After(healthFirst ? Task.CompletedTask : first.Task, "dead", token));
        await using var probe = Probe();

        var sampling = probe.SampleAsync(Token);
        first.SetResult();
        var sample = await Run(sampling);

        Status(probe).ShouldBe((ResourceSourceState.Ok, null));
        var server = sample["gpu-1"].ShouldNotBeNull().Server.ShouldNotBeNull();
        (server.Healthy, server.Running).ShouldBe((false, null));
    }

    [Theory]
    [InlineData("absent", "GET gpu-1:8000/metrics: status 404")]
    [InlineData("broken", "GET gpu-1:8000/metrics: status 500")]
    [InlineData("refused", "GET gpu-1:8000/metrics: ConnectionError")]
    public async Task A_page_that_fails_is_told_as_long_as_nothing_says_that_the_engine_is_dead(string metrics, string reason)
    {
        foreach (var health in new[] { "alive", "absent", "refused", "hangs" })
        {
            foreach (var healthFirst in new[] { true, false })
            {
                var first = new TaskCompletionSource();
                _pages.Set("http://gpu-1:8000/metrics", token => After(healthFirst ? first.Task : Task.CompletedTask, metrics, token));
                _pages.Set("http://gpu-1:8000/health", token => After(healthFirst ? Task.CompletedTask : first.Task, health, token));
                await using var probe = Probe();

                var sampling = probe.SampleAsync(Token);
                first.SetResult();

                (await Run(sampling))["gpu-1"].ShouldBeNull();
                Status(probe).ShouldBe((ResourceSourceState.Failing, reason), $"{health}, first: {healthFirst}");
            }
        }
    }

    [Fact]
    public async Task A_health_route_that_hangs_does_not_take_the_page_with_it()
    {
        _pages.Text("http://gpu-1:8000/metrics", "vllm:num_requests_running 3\n").Set("http://gpu-1:8000/health", token => After(Task.CompletedTask, "hangs", token));
        await using var probe = Probe();

        var server = (await Run(probe.SampleAsync(Token)))["gpu-1"].ShouldNotBeNull().Server.ShouldNotBeNull();

        (server.Healthy, server.Running).ShouldBe((null, 3));
        Status(probe).State.ShouldBe(ResourceSourceState.Ok);
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task A_run_that_asks_through_its_client_sees_the_same(string metrics, bool healthFirst)
    {
        // A server that refuses connections refuses both, and is no dead engine.
        var isThere = metrics != "refused";
        var first = new TaskCompletionSource();
        var handler = new ScriptedHandler().Answers((request, token) => request.RequestUri!.AbsolutePath == "/metrics"
            ? After(healthFirst ? first.Task : Task.CompletedTask, metrics, token)
            : After(healthFirst ? Task.CompletedTask : first.Task, isThere ? "dead" : "refused", token));
        using var client = handler.Client(options => options.MaxRetries = 0, new() { TimeProvider = _clock });
        await using var probe = ResourceProbe.ForRun(client, new() { TimeProvider = _clock });

        var sampling = probe.SampleAsync(Token);
        first.SetResult();
        var sample = await Run(sampling);

        if (!isThere)
        {
            sample["server"].ShouldBeNull();
            probe.Sources.Single(source => source.Name == "vllm").State.ShouldBe(ResourceSourceState.Failing);
            return;
        }

        probe.Sources.Single(source => source.Name == "vllm").State.ShouldBe(ResourceSourceState.Ok);
        sample["server"].ShouldNotBeNull().Server.ShouldNotBeNull().Healthy.ShouldBe(false);
    }

    static async Task<HttpResponseMessage> After(Task signal, string ending, CancellationToken token)
    {
        await signal.WaitAsync(token);
        return ending switch
        {
            "alive" => new(HttpStatusCode.OK),
            "dead" => new(HttpStatusCode.ServiceUnavailable),
            "absent" => new(HttpStatusCode.NotFound),
            "broken" => new(HttpStatusCode.InternalServerError),
            "html" => new(HttpStatusCode.OK) { Content = new StringContent("<html></html>", System.Text.Encoding.UTF8, "text/html") },
            "refused" => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
            _ => await HangAsync(token),
        };
    }

    static async Task<HttpResponseMessage> HangAsync(CancellationToken token)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        throw new InvalidOperationException("An endless wait ended.");
    }

    static (ResourceSourceState State, string? Reason) Status(ResourceProbe probe) =>
        probe.Sources.Single(source => source.Name == "vllm") is var status ? (status.State, status.Reason) : default;

    ResourceProbe Probe()
    {
        var options = new ResourceProbeOptions { Instruments = false };
        options.Servers.Add(new("gpu-1") { Url = new("http://gpu-1:8000") });
        return new(options, new() { TimeProvider = _clock, HttpHandler = _pages });
    }

    /// <summary>Lets the clock run until the task is done.</summary>
    async Task<T> Run<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token));
        }

        return await task;
    }
}

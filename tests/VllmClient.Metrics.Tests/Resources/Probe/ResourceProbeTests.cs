using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Vllm.Resources;

namespace Vllm.Tests.Resources;

public sealed class ResourceProbeTests : IDisposable
{
    readonly TickClock _clock = new();
    readonly FakeLogCollector _logs = new();
    readonly LoggerFactory _logging;
    readonly Pages _pages = new();

    public ResourceProbeTests() => _logging = new([new FakeLoggerProvider(_logs)]);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _logging.Dispose();
        _pages.Dispose();
    }

    ResourceProbe Probe(Action<ResourceProbeOptions>? configure = null)
    {
        var options = new ResourceProbeOptions { Instruments = false };
        configure?.Invoke(options);
        return new(options, new() { TimeProvider = _clock, LoggerFactory = _logging, HttpHandler = _pages });
    }

    ResourceProbe ServerProbe(Action<ResourceServer>? configure = null) => Probe(options =>
    {
        var server = new ResourceServer("gpu-1") { Url = new("http://gpu-1:8000/v1") };
        configure?.Invoke(server);
        options.Servers.Add(server);
    });

    static ResourceSourceStatus Status(ResourceProbe probe, string name) => probe.Sources.Single(source => source.Name == name);

    /// <summary>Lets the clock run until the task is done.</summary>
    async Task<T> Run<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await task;
    }

    [Fact]
    public async Task A_server_shows_what_its_page_says()
    {
        _pages.Recorded("http://gpu-1:8000/metrics", "metrics-busy").Text("http://gpu-1:8000/health", "");
        await using var probe = ServerProbe();

        var sample = await probe.SampleAsync(Token);

        var server = sample["gpu-1"].ShouldNotBeNull().Server.ShouldNotBeNull();
        (server.Running, server.Healthy, server.Source).ShouldBe((40, true, "vllm"));
        sample["app"].ShouldBeNull();
        Status(probe, "vllm").ShouldSatisfyAllConditions(status => status.State.ShouldBe(ResourceSourceState.Ok), status => status.SkippedLines.ShouldBe(0));
        probe.Latest.ShouldBe(sample);
    }

    [Fact]
    public async Task A_dead_engine_has_no_gauges()
    {
        _pages.Recorded("http://gpu-1:8000/metrics", "dead-engine-metrics").Recorded("http://gpu-1:8000/health", "dead-engine-health");
        await using var probe = ServerProbe();

        var server = (await probe.SampleAsync(Token))["gpu-1"].ShouldNotBeNull().Server.ShouldNotBeNull();

        (server.Healthy, server.Running, server.Waiting, server.KvCacheUtilization).ShouldBe((false, null, null, null));
        server.Engines.ShouldBeEmpty();
        server.GenerationTokens.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_dead_engine_without_a_page_is_still_told()
    {
        _pages.Text("http://gpu-1:8000/health", "", HttpStatusCode.ServiceUnavailable);
        await using var probe = ServerProbe();

        (await probe.SampleAsync(Token))["gpu-1"].ShouldNotBeNull().Server.ShouldNotBeNull().Healthy.ShouldBe(false);
    }

    [Theory]
    [InlineData(302, "x", "text/plain", "GET gpu-1:8000/metrics: status 302")]
    [InlineData(500, "secret body", "text/plain", "GET gpu-1:8000/metrics: status 500")]
    [InlineData(200, "<html>secret body</html>", "text/html", "GET gpu-1:8000/metrics: an HTML page, where metrics were expected; is the URL right?")]
    public async Task A_page_that_is_none_fails(int status, string body, string type, string reason)
    {
        _pages.Text("http://gpu-1:8000/metrics", body, (HttpStatusCode)status, type);
        await using var probe = ServerProbe();

        await probe.SampleAsync(Token);

        (Status(probe, "vllm").State, Status(probe, "vllm").Reason).ShouldBe((ResourceSourceState.Failing, reason));
    }

    [Fact]
    public async Task A_page_without_figures_is_absent()
    {
        _pages.Text("http://gpu-1:8000/metrics", "python_info 1\n").Text("http://gpu-1:8000/health", "");
        await using var probe = ServerProbe();

        await probe.SampleAsync(Token);

        Status(probe, "vllm").State.ShouldBe(ResourceSourceState.Absent);
        Status(probe, "vllm").Reason.ShouldNotBeNull().ShouldContain("--disable-log-stats");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_of_seventeen_mebibytes_fails(bool knownLength)
    {
        _pages.Set("http://gpu-1:8000/metrics", _ =>
        {
            var content = new ByteArrayContent(new byte[17 * 1024 * 1024]);
            if (!knownLength) content.Headers.ContentLength = null;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        });
        await using var probe = ServerProbe();

        await probe.SampleAsync(Token);

        Status(probe, "vllm").Reason.ShouldBe("GET gpu-1:8000/metrics: larger than 16 MiB");
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up_after_two_seconds()
    {
        _pages.Set("http://gpu-1:8000/metrics", async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            throw new InvalidOperationException("An endless wait ended.");
        });
        await using var probe = ServerProbe();

        await Run(probe.SampleAsync(Token));

        (Status(probe, "vllm").State, Status(probe, "vllm").Reason).ShouldBe((ResourceSourceState.Failing, "no answer within 2 s"));
    }

    [Fact]
    public async Task A_key_goes_to_its_server_alone_and_shows_nowhere()
    {
        _pages.Text("http://gpu-1:8000/metrics", "vllm:num_requests_running 1\n", HttpStatusCode.Unauthorized);
        await using var probe = ServerProbe(server =>
        {
            server.NodeExporter = new("http://gpu-1:9100/metrics?token=hush");
            server.Headers["Authorization"] = "Bearer hush";
        });

        await probe.SampleAsync(Token);

        foreach (var request in _pages.Requests) request.Headers.Contains("Authorization").ShouldBe(request.RequestUri!.Port == 8000);
        _pages.Requests.Select(request => request.RequestUri!.PathAndQuery).ShouldBe(["/health", "/metrics", "/metrics?token=hush"], ignoreOrder: true);
        string.Join('\n', probe.Sources).ShouldNotContain("hush");
        string.Join('\n', _logs.GetSnapshot().Select(record => record.Message)).ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_source_that_fails_and_returns_leaves_a_gap_and_disturbs_nobody()
    {
        Exception? trouble = null;
        var moody = new TestSource("moody", "rack", () => trouble is null ? new() { Machine = new() { Load1 = 1 } } : throw trouble);
        var steady = new TestSource("steady", "other", () => new() { Machine = new() { Load1 = 2 } });
        await using var probe = Probe(options =>
        {
            options.Sources.Add(moody);
            options.Sources.Add(steady);
        });

        var before = await probe.SampleAsync(Token);
        trouble = new InvalidOperationException("the rack is on fire");
        var during = await probe.SampleAsync(Token);
        var status = Status(probe, "moody");
        await probe.SampleAsync(Token);
        trouble = null;
        var after = await probe.SampleAsync(Token);

        before["rack"].ShouldNotBeNull().Machine.ShouldNotBeNull().Load1.ShouldBe(1);
        during["rack"].ShouldBeNull();
        (status.State, status.Reason, status.Failures).ShouldBe((ResourceSourceState.Failing, "the rack is on fire", 1));
        after["rack"].ShouldNotBeNull();
        new[] { before, during, after }.ShouldAllBe(sample => sample["other"]!.Machine!.Load1 == 2);
        _logs.GetSnapshot().Where(record => record.Message.Contains("moody", StringComparison.Ordinal)).Select(record => record.Id.Id).ShouldBe([1202, 1201, 1202]);
    }

    [Fact]
    public async Task A_source_that_hangs_is_skipped_until_it_returns()
    {
        var (begun, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = new TestSource("slow", "rack", async _ =>
        {
            begun.TrySetResult();
            await gate.Task;
            return new() { Machine = new() };
        });
        await using var probe = Probe(options => options.Sources.Add(slow));

        // Time may pass only once it reads: a reading that no thread has begun yet is given up as a whole, and does not hang.
        var sampling = probe.SampleAsync(Token);
        await begun.Task;
        await Run(sampling);
        var first = Status(probe, "slow");
        await Run(probe.SampleAsync(Token));
        var second = Status(probe, "slow");
        gate.SetResult();
        ResourceSample sample;
        do sample = await probe.SampleAsync(Token);
        while (sample["rack"] is null);

        (first.State, first.Reason, first.Skipped).ShouldBe((ResourceSourceState.Failing, "no answer within 0.25 s", 0));
        (second.State, second.Failures, second.Skipped).ShouldBe((ResourceSourceState.Failing, 1, 1));
        Status(probe, "slow").State.ShouldBe(ResourceSourceState.Ok);
    }

    [Fact]
    public async Task A_failing_source_is_asked_less_and_less_often()
    {
        var times = new List<TimeSpan>();
        var start = _clock.GetTimestamp();
        var broken = new TestSource("broken", "rack", ResourceReading () =>
        {
            lock (times) times.Add(_clock.GetElapsedTime(start));
            throw new InvalidOperationException("broken");
        });
        await using var probe = Probe(options => options.Sources.Add(broken));
        probe.Start();

        for (var i = 0; i < 40; i++) await _clock.TickAsync(Token);

        times.Select(time => time.TotalSeconds).ShouldBe([0, 1, 3, 7, 15, 31]);
    }

    [Fact]
    public async Task Pages_are_read_less_often_than_the_rest_unless_something_records()
    {
        _pages.Text("http://gpu-1:8000/metrics", "vllm:num_requests_running 1\n").Text("http://gpu-1:8000/health", "");
        await using var probe = ServerProbe();
        probe.Start();
        for (var i = 0; i < 20; i++) await _clock.TickAsync(Token);
        var watching = _pages.Requests.Count / 2;

        var recording = await probe.RecordAsync(Token);
        var before = _pages.Requests.Count / 2;
        for (var i = 0; i < 10; i++) await _clock.TickAsync(Token);
        var timeline = await recording.StopAsync(Token);

        watching.ShouldBeInRange(4, 5);
        ((_pages.Requests.Count / 2) - before).ShouldBeInRange(10, 11);
        timeline.Samples.Count.ShouldBeGreaterThanOrEqualTo(10);
        timeline.Samples[0].ShouldNotBe(timeline.Samples[^1]);
        (await recording.StopAsync(Token)).ShouldBe(timeline);
    }

    [Fact]
    public async Task A_slow_reader_gets_the_newest_sixteen()
    {
        await using var probe = Probe();
        var samples = probe.WatchAsync(Token).GetAsyncEnumerator(Token);
        var first = samples.MoveNextAsync().AsTask();
        await Run(first);
        ResourceSample last = null!;
        for (var i = 0; i < 40; i++) last = await probe.SampleAsync(Token);
        await probe.DisposeAsync();

        var rest = new List<ResourceSample>();
        while (await samples.MoveNextAsync()) rest.Add(samples.Current);

        rest.Count.ShouldBeLessThanOrEqualTo(16);
        rest.ShouldContain(last);
    }

    [Fact]
    public async Task A_long_recording_halves_its_rate()
    {
        await using var probe = Probe();
        var recording = await probe.RecordAsync(Token);
        var samples = Enumerable.Range(1, 20_000).Select(i => new ResourceSample { Timestamp = long.MaxValue / 2, Time = DateTimeOffset.UnixEpoch.AddSeconds(i), Targets = [] });

        foreach (var sample in samples) recording.Keep(sample);
        var timeline = await recording.StopAsync(Token);

        timeline.Samples.Count.ShouldBeInRange(3600, 7201);
    }

    [Fact]
    public async Task A_disposed_probe_reads_no_more()
    {
        var probe = Probe();
        probe.Start();
        await probe.DisposeAsync();
        await probe.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => probe.SampleAsync(Token));
        Should.Throw<ObjectDisposedException>(probe.Start);
    }

    [Fact]
    public void Wrong_options_are_told_all_at_once()
    {
        var options = new ResourceProbeOptions { Interval = TimeSpan.FromMilliseconds(99), RemoteInterval = TimeSpan.FromHours(2) };
        options.Servers.Add(new("app") { Url = new("http://a") });
        options.Servers.Add(new("a") { Url = new("http://user:hush@a") });
        options.Servers.Add(new("a") { Url = new("ftp://a"), PricePerHour = -1 });
        options.Servers.Add(new("b"));

        var message = Should.Throw<ArgumentException>(() => new ResourceProbe(options)).Message;

        message.Split('\n').Length.ShouldBe(8);
        message.ShouldNotContain("hush");
    }

    [Fact]
    public async Task This_machine_is_read_when_time_is_real()
    {
        await using var probe = new ResourceProbe(new() { Instruments = false });

        var app = (await probe.SampleAsync(Token))["app"].ShouldNotBeNull();

        app.Process.ShouldNotBeNull().CpuTime.ShouldNotBeNull();
        app.Machine.ShouldNotBeNull().LogicalCpus.ShouldNotBeNull().ShouldBeGreaterThan(0);
        probe.Sources.Select(source => source.Name).ShouldBe(OperatingSystem.IsLinux() ? ["process", "machine", "container", "nvml", "nvidia-smi"] : ["process", "machine", "nvml", "nvidia-smi"]);
    }
}

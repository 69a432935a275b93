using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Vllm.Resources;
using Vllm.Testing;

namespace Vllm.Tests.Resources;

/// <summary>The probe's own connections at a real port.</summary>
public sealed class PageHttpTests : IDisposable
{
    const int MiB = 1024 * 1024;
    const string Page = "vllm:num_requests_running 3\n";

    readonly FakeTimeProvider _clock = new();
    readonly FakeLogCollector _logs = new();
    readonly LoggerFactory _logging;

    public PageHttpTests() => _logging = new([new FakeLoggerProvider(_logs)]);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _logging.Dispose();

    static ServerStep[] Answer(string body, string status = "200 OK", string type = "text/plain", string headers = "") =>
        [ServerStep.Send(FormattableString.Invariant($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}"))];

    /// <summary>A server whose page is what the test says and which is healthy.</summary>
    static ScriptedServer Server(IReadOnlyList<ServerStep> metrics) => new((request, _) => request.Path.StartsWith("/health", StringComparison.Ordinal) ? Answer("") : metrics);

    ResourceProbe Probe(Action<ResourceServer> configure)
    {
        var options = new ResourceProbeOptions { Instruments = false };
        var server = new ResourceServer("gpu-1");
        configure(server);
        options.Servers.Add(server);
        return new(options, new() { TimeProvider = _clock, LoggerFactory = _logging });
    }

    ResourceProbe Probe(ScriptedServer server) => Probe(options => options.Url = server.Url);

    static ResourceSourceStatus Vllm(ResourceProbe probe) => probe.Sources.Single(source => source.Name == "vllm");

    static async Task<ResourceSourceStatus> Failure(ResourceProbe probe)
    {
        var sample = await probe.SampleAsync(Token);
        sample["gpu-1"].ShouldBeNull();
        Vllm(probe).State.ShouldBe(ResourceSourceState.Failing);
        return Vllm(probe);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = Server(Answer(Page));
        await using var server = Server(Answer("", "302 Found", headers: $"Location: {other.Url}metrics\r\n"));
        await using var probe = Probe(server);

        var status = await Failure(probe);

        status.Reason.ShouldBe($"GET {server.Url.Authority}/metrics: status 302");
        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_that_says_it_is_too_long_is_refused_before_its_body_comes()
    {
        await using var server = Server([ServerStep.Send(FormattableString.Invariant($"HTTP/1.1 200 OK\r\nContent-Length: {17 * MiB}\r\n\r\n")), ServerStep.Hang]);
        await using var probe = Probe(server);

        (await Failure(probe)).Reason.ShouldBe($"GET {server.Url.Authority}/metrics: larger than 16 MiB");
    }

    [Fact]
    public async Task A_page_without_end_is_left_at_sixteen_mebibytes()
    {
        var sent = 0;
        var piece = new byte[64 * 1024];
        List<ServerStep> body = [ServerStep.Send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")];
        for (var i = 0; i < 200 * 16; i++)
        {
            body.Add(ServerStep.Send(piece));
            body.Add(ServerStep.Do(() => sent++));
        }

        await using var server = Server(body);
        await using var probe = Probe(server);

        (await Failure(probe)).Reason.ShouldBe($"GET {server.Url.Authority}/metrics: larger than 16 MiB");

        // The rest of what was sent is in the buffers of both sides.
        sent.ShouldBeInRange(16 * 16, 64 * 16);
    }

    [Fact]
    public async Task A_body_that_trickles_is_given_up_after_two_seconds()
    {
        List<ServerStep> body = [ServerStep.Send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")];
        for (var i = 0; i < 40; i++)
        {
            body.Add(ServerStep.Send("#"));
            body.Add(ServerStep.Do(() => _clock.Advance(TimeSpan.FromMilliseconds(100))));
        }

        body.Add(ServerStep.Hang);
        await using var server = Server(body);
        await using var probe = Probe(server);

        var status = await Failure(probe);

        (status.Reason, status.Failures).ShouldBe(("no answer within 2 s", 1));
        await server.WaitForCloseAsync(server.Requests.Single(request => request.Path == "/metrics").Connection, Token);
    }

    [Fact]
    public async Task A_slow_server_is_skipped_while_the_others_go_on()
    {
        var gate = new TaskCompletionSource();
        await using var server = Server([ServerStep.Until(gate.Task), .. Answer(Page)]);
        var options = new ResourceProbeOptions { Instruments = false };
        options.Servers.Add(new("gpu-1") { Url = server.Url });
        options.Sources.Add(new TestSource("steady", "other", () => new() { Machine = new() { Load1 = 2 } }));
        await using var probe = new ResourceProbe(options, new() { TimeProvider = _clock });

        // Time stands still until the other source has been read, so that only the slow one can hold up the tick.
        async Task TickAsync(long tick, TimeSpan then)
        {
            var running = probe.TickAsync(tick, Token).AsTask();
            while (probe.Sources.Single(source => source.Name == "steady").Samples <= tick) await Task.Yield();
            _clock.Advance(then);
            (await running)["other"].ShouldNotBeNull().Machine.ShouldNotBeNull();
        }

        await TickAsync(0, then: TimeSpan.FromMilliseconds(500));
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        await TickAsync(1, then: TimeSpan.Zero);
        var skipped = Vllm(probe);
        _clock.Advance(TimeSpan.FromMilliseconds(1200));
        await TickAsync(2, then: TimeSpan.Zero);
        var failed = Vllm(probe);
        gate.SetResult();
        ResourceSample back;
        do back = await probe.SampleAsync(Token);
        while (back["gpu-1"] is null);

        (skipped.Skipped, skipped.Failures, skipped.Reason).ShouldBe((1, 0, "not read yet"));
        (failed.State, failed.Failures).ShouldBe((ResourceSourceState.Failing, 1));
        back["gpu-1"].ShouldNotBeNull().Server.ShouldNotBeNull().Running.ShouldBe(3);
    }

    [Fact]
    public async Task A_page_that_is_html_fails()
    {
        await using var server = Server(Answer("<html>hush</html>", type: "text/html; charset=utf-8"));
        await using var probe = Probe(server);

        (await Failure(probe)).Reason.ShouldBe($"GET {server.Url.Authority}/metrics: an HTML page, where metrics were expected; is the URL right?");
    }

    [Fact]
    public async Task Compression_is_not_asked_for_and_not_taken()
    {
        await using var server = Server(Answer(Page, headers: "Content-Encoding: gzip\r\n"));
        await using var probe = Probe(server);

        (await Failure(probe)).Reason.ShouldBe($"GET {server.Url.Authority}/metrics: compressed, which was not asked for");

        server.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("Accept-Encoding"));
    }

    [Fact]
    public async Task No_cookie_is_kept()
    {
        await using var server = Server(Answer(Page, headers: "Set-Cookie: session=hush\r\n"));
        await using var probe = Probe(server);

        await probe.SampleAsync(Token);
        await probe.SampleAsync(Token);

        server.Requests.Count.ShouldBe(4);
        server.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task Pages_leave_no_trace_in_the_callers_trace()
    {
        await using var server = Server(Answer(Page));
        await using var probe = Probe(server);
        var spans = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity =>
            {
                if (activity.TagObjects.Any(tag => tag.Value is int port && port == server.Url.Port)) Interlocked.Increment(ref spans);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();

        await probe.SampleAsync(Token);

        server.Requests.ShouldNotBeEmpty();
        server.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("traceparent"));
        spans.ShouldBe(0);
    }

    [Fact]
    public async Task Headers_go_to_their_servers_origin_alone()
    {
        await using var server = Server(Answer(Page));
        await using var other = new ScriptedServer(Answer("node_load1 1\n"));
        await using var probe = Probe(options =>
        {
            options.Url = new(server.Url, "v1");
            options.NodeExporter = new(server.Url, "node");
            options.GpuExporter = new(other.Url, "metrics");
            options.Headers["Authorization"] = "Bearer hush";
        });

        await probe.SampleAsync(Token);

        server.Requests.Select(request => request.Path).ShouldBe(["/health", "/metrics", "/node"], ignoreOrder: true);
        server.Requests.ShouldAllBe(request => request.Headers["Authorization"] == "Bearer hush");
        other.Request.Headers.ShouldNotContainKey("Authorization");
    }

    [Theory]
    [InlineData("500 hush")]
    [InlineData("401 Unauthorized")]
    [InlineData("200 OK")]
    [InlineData("none")]
    public async Task No_secret_is_shown_whatever_happens(string status)
    {
        List<ServerStep> answer = status == "none" ? [ServerStep.Send("HTTP/1.1 2hush\r\n\r\n"), ServerStep.Reset] : [.. Answer("vllm:hush{hush} hush\n", status, headers: "X-Secret: hush\r\n")];
        await using var server = new ScriptedServer(answer);
        await using var probe = Probe(options =>
        {
            options.Url = new(server.Url, "?key=hush");
            options.NodeExporter = new(server.Url, "node?key=hush#hush");
            options.GpuExporter = new(server.Url, "gpu?key=hush");
            options.Headers["X-Key"] = "hush\nhush";
            options.Headers["Authorization"] = "Bearer hush";
        });

        await probe.SampleAsync(Token);

        probe.Sources.Where(source => source.Target == "gpu-1").ShouldAllBe(source => source.State != ResourceSourceState.Ok && source.Reason != null);
        string.Join('\n', probe.Sources).ShouldNotContain("hush");
        var logs = _logs.GetSnapshot();
        logs.Count.ShouldBeGreaterThan(0);
        foreach (var record in logs)
        {
            record.Message.ShouldNotContain("hush");
            record.Exception.ShouldBeNull();
        }
    }
}

using Vllm.Resources;

namespace Vllm.Tests.Resources;

/// <summary>Pages of which only the address is given.</summary>
public sealed class AnyPageTests
{
    readonly Pages _pages = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    ResourceProbe Probe(params string[] pages)
    {
        var options = new ResourceProbeOptions { LocalGpus = LocalGpuSource.Off, Instruments = false };
        var server = new ResourceServer("gpu-1");
        foreach (var page in pages) server.Pages.Add(new(page));
        options.Servers.Add(server);
        return new(options, new() { HttpHandler = _pages });
    }

    [Fact]
    public async Task What_a_page_is_follows_from_its_series()
    {
        _pages.Recorded("http://gpu:8000/metrics", "metrics-busy")
            .Text("http://gpu:9100/metrics", "node_memory_MemTotal_bytes 8e9\nnode_memory_MemAvailable_bytes 6e9\n")
            .Text("http://gpu:9400/metrics", "DCGM_FI_DEV_POWER_USAGE{UUID=\"GPU-a\"} 400\n");
        await using var probe = Probe("http://gpu:9100/metrics", "http://gpu:9400/metrics", "http://gpu:8000/metrics");

        var target = (await probe.SampleAsync(Token))["gpu-1"].ShouldNotBeNull();

        target.Machine.ShouldNotBeNull().MemoryUsedBytes.ShouldBe(2_000_000_000);
        target.Gpus.ShouldNotBeNull().Single().PowerWatts.ShouldBe(400);
        target.Server.ShouldNotBeNull().Running.ShouldBe(40);
        (target.Machine.Source, target.Gpus.Single().Source, target.Server.Source).ShouldBe(("gpu:9100/metrics", "gpu:9400/metrics", "gpu:8000/metrics"));
    }

    [Fact]
    public async Task A_page_may_become_another()
    {
        _pages.Text("http://gpu:9400/metrics", "node_load1 3\n");
        await using var probe = Probe("http://gpu:9400/metrics");
        (await probe.SampleAsync(Token))["gpu-1"]!.Machine.ShouldNotBeNull();

        _pages.Text("http://gpu:9400/metrics", "nvidia_smi_power_draw_watts{uuid=\"a\"} 80\n");

        (await probe.SampleAsync(Token))["gpu-1"]!.Gpus.ShouldNotBeNull().Single().PowerWatts.ShouldBe(80);
    }

    [Fact]
    public async Task A_page_of_no_known_kind_is_absent_with_the_reason()
    {
        _pages.Text("http://gpu:9400/metrics", "go_goroutines 7\n");
        await using var probe = Probe("http://gpu:9400/metrics");
        var recording = await probe.RecordAsync(Token);
        var timeline = await recording.StopAsync(Token);

        var summary = timeline.Summarize(timeline.Samples[0].Timestamp, timeline.Samples[^1].Timestamp);

        summary.Missing.ShouldContain(new MissingPart("gpu-1", "gpus", "GET gpu:9400/metrics has no series of vLLM, a node exporter or a GPU exporter"));
    }

    [Fact]
    public async Task A_page_that_never_answers_is_told_although_others_gave_all()
    {
        _pages.Recorded("http://gpu:8000/metrics", "metrics-busy").Text("http://gpu:9100/metrics", "node_load1 3\n").Text("http://gpu:9400/metrics", "DCGM_FI_DEV_POWER_USAGE{UUID=\"GPU-a\"} 400\n");
        await using var probe = Probe("http://gpu:9100/metrics", "http://gpu:9400/metrics", "http://gpu:8000/metrics", "http://gpu:1/metrics");
        var recording = await probe.RecordAsync(Token);
        var timeline = await recording.StopAsync(Token);

        var summary = timeline.Summarize(timeline.Samples[0].Timestamp, timeline.Samples[^1].Timestamp);

        summary.Missing.Where(missing => missing.Target == "gpu-1").ShouldBe([new MissingPart("gpu-1", "page", "GET gpu:1/metrics: status 404")]);
    }

    [Fact]
    public void Pages_are_checked_as_all_addresses_are()
    {
        var options = new ResourceProbeOptions();
        var server = new ResourceServer("gpu-1");
        server.Pages.Add(new("http://me:hush@gpu:9400/metrics"));
        server.Pages.Add(new("http://gpu:9100/metrics"));
        server.Pages.Add(new("http://gpu:9100/metrics"));
        options.Servers.Add(server);

        var message = Should.Throw<ArgumentException>(() => new ResourceProbe(options)).Message;

        message.ShouldContain("Pages holds user information");
        message.ShouldContain("Pages holds a page twice");
        message.ShouldNotContain("hush");
    }
}

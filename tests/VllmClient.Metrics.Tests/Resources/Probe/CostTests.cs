using Vllm.Resources;
using Vllm.Testing;

namespace Vllm.Tests.Resources;

/// <summary>Bytes that a tick allocates; times are measured by the benchmarks, not here.</summary>
public class CostTests
{
    static long Allocated(Action work)
    {
        for (var i = 0; i < 200; i++) work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) work();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
    }

    [Fact]
    public async Task A_local_tick_allocates_at_most_two_kibibytes()
    {
        await using var probe = new ResourceProbe(new() { Instruments = false, LocalGpus = LocalGpuSource.Off });
        long tick = 0;

        async Task TickAsync() => await probe.TickAsync(tick++, CancellationToken.None);

        var bytes = Allocated(() => TickAsync().IsCompletedSuccessfully.ShouldBeTrue());

        bytes.ShouldBeLessThanOrEqualTo(2048);
    }

    [Fact]
    public async Task A_tick_with_all_pages_allocates_at_most_48_kibibytes_beside_the_connections_own()
    {
        var options = new ResourceProbeOptions { Instruments = false, LocalGpus = LocalGpuSource.Off };
        options.Servers.Add(new("gpu-1") { Url = new("http://gpu:8000"), NodeExporter = new("http://gpu:9100/metrics"), GpuExporter = new("http://gpu:9400/metrics") });
        var handler = new OnePage(new()
        {
            ["/metrics8000"] = Recording.Load("metrics-busy").Body,
            ["/health8000"] = [],
            ["/metrics9100"] = ExporterPages.Node(),
            ["/metrics9400"] = ExporterPages.DcgmExporter(),
        });
        await using var probe = new ResourceProbe(options, new() { HttpHandler = handler });
        async Task SampleAsync() => await probe.SampleAsync(CancellationToken.None);

        var bytes = Allocated(() => SampleAsync().IsCompletedSuccessfully.ShouldBeTrue());

        probe.Sources.Where(source => source.Target == "gpu-1").ShouldAllBe(source => source.Failures == 0 && source.Samples > 0);
        bytes.ShouldBeLessThanOrEqualTo(48 * 1024);
    }

    sealed class OnePage(Dictionary<string, byte[]> pages) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(pages[request.RequestUri!.AbsolutePath + request.RequestUri.Port]) });
    }

    [Fact]
    public void A_page_of_vllm_allocates_at_most_eight_kibibytes()
    {
        var page = Recording.Load("metrics-busy").Body;
        var reader = new VllmPage();

        Allocated(() => reader.Read(page)).ShouldBeLessThanOrEqualTo(8192);
    }
}

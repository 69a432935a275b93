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
    public async Task A_local_tick_allocates_at_most_two_kibibytes_and_half_a_kibibyte_for_a_control_group()
    {
        await using var probe = new ResourceProbe(new() { Instruments = false, LocalGpus = LocalGpuSource.Off });
        long tick = 0;

        var bytes = Allocated(() => probe.TickAsync(tick++, CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue());

        bytes.ShouldBeLessThanOrEqualTo(probe.Latest!["app"]!.Container is null ? 2048 : 2560);
    }

    [Fact]
    public void A_page_of_vllm_allocates_at_most_eight_kibibytes()
    {
        var page = Recording.Load("metrics-busy").Body;
        var reader = new VllmPage();

        Allocated(() => reader.Read(page)).ShouldBeLessThanOrEqualTo(8192);
    }
}

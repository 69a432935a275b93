using System.Diagnostics.CodeAnalysis;
using Vllm.Resources;
using Vllm.Testing;

namespace Vllm.Tests.Resources;

/// <summary>Pages of all kinds, spoiled in many ways, through all readers: none throws, each stays within its bounds, and what comes out can be believed.</summary>
public class MutatedPagesTests
{
    const int Gate = 100_000;

    static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("VLLM_FUZZ_CASES"), out var cases) ? cases : Gate;

    readonly VllmPage _vllm = new();
    readonly PageMutations _mutations = new(
    [
        Recording.Load("metrics-with-queue").Body, ExporterPages.Node(), ExporterPages.DcgmExporter(), Recording.Load("metrics-busy").Body, ExporterPages.NvidiaGpuExporter(), Recording.Load("dead-engine-metrics").Body,
    ]);

    [Fact]
    public void Every_reader_bears_every_page_in_bounded_memory()
    {
        var (most, read) = (0L, 0L);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var number = 0; number < Cases; number++)
        {
            var page = _mutations.Page(number);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            Read(number, page);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            allocated.ShouldBeLessThan(64 * 1024 + (24 * page.Length), $"Page {number}");
            most = Math.Max(most, allocated);
            read += page.Length;
        }

        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Cases} pages of {read / Cases} bytes on average; a page allocated at most {most} bytes, all of them left {kept}.");
        // Beside other tests, what is kept is theirs too.
        if (Cases > Gate) kept.ShouldBeLessThan(16 * 1024 * 1024);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the page that caused it must be told.")]
    void Read(int number, byte[] page)
    {
        try
        {
            Check(_vllm.Read(page), _vllm.SkippedLines, page);
            Check(NodePage.Read(page, out var skippedNode), skippedNode, page);
            Check(GpuPage.Read(page, out var skippedGpu), skippedGpu, page);
        }
        catch (Exception error)
        {
            Assert.Fail($"Page {number}: {error}");
        }
    }

    static void Check(ServerSample? sample, int skipped, byte[] page)
    {
        CheckSkipped(skipped, page);
        if (sample is null) return;
        NotNegative(sample.Running, sample.Waiting, sample.PromptTokens, sample.GenerationTokens, sample.CachedPromptTokens, sample.Preemptions, sample.Rejected);
        Finite(sample.KvCacheUtilization);
        if (sample.Engines.Count > 1024) Assert.Fail("There are too many engines.");
        if (sample.Finished?.Count > 64) Assert.Fail("There are too many reasons.");
        foreach (var histogram in new[] { sample.TimeToFirstToken, sample.InterTokenLatency, sample.EndToEnd, sample.Queue })
        {
            if (histogram is null) continue;
            NotNegative(histogram.Count);
            if (!double.IsFinite(histogram.Sum)) Assert.Fail("A sum is no number.");
            for (var i = 1; i < histogram.CumulativeCounts?.Count; i++)
                if (histogram.CumulativeCounts[i] < histogram.CumulativeCounts[i - 1]) Assert.Fail("Counts of buckets fall.");
        }
    }

    static void Check(MachineSample? sample, int skipped, byte[] page)
    {
        CheckSkipped(skipped, page);
        if (sample is null) return;
        NotNegative(sample.LogicalCpus, sample.MemoryTotalBytes, sample.MemoryAvailableBytes, sample.NetworkReceivedBytes, sample.NetworkSentBytes);
        NotNegative(sample.CpuTotalTime?.Ticks, sample.CpuBusyTime?.Ticks, sample.CpuStealTime?.Ticks, sample.CpuPressureTime?.Ticks);
        Finite(sample.Load1);
    }

    static void Check(IReadOnlyList<GpuSample> gpus, int skipped, byte[] page)
    {
        CheckSkipped(skipped, page);
        if (gpus.Count > 1024) Assert.Fail("There are too many GPUs.");
        foreach (var gpu in gpus)
        {
            NotNegative(gpu.Index, gpu.MemoryUsedBytes, gpu.MemoryTotalBytes);
            Finite(gpu.Utilization);
            Finite(gpu.PowerWatts);
            Finite(gpu.EnergyJoules);
            Finite(gpu.TemperatureCelsius);
        }
    }

    static void CheckSkipped(int skipped, byte[] page)
    {
        if (skipped > page.AsSpan().Count((byte)'\n') + 1) Assert.Fail("More lines were skipped than there are.");
    }

    static void NotNegative(params ReadOnlySpan<long?> numbers)
    {
        foreach (var number in numbers)
            if (number < 0) Assert.Fail($"{number} is below zero.");
    }

    static void Finite(double? number)
    {
        if (number is { } value && !(value >= 0 && double.IsFinite(value))) Assert.Fail($"{number} is not a finite number of zero or more.");
    }
}

using System.Globalization;
using Vllm.Resources;
using Vllm.Testing;

namespace Vllm.Tests.Benchmarks;

/// <summary>What the resource probe costs the application that it watches.</summary>
static class ProbeReport
{
    const int Ticks = 5000;
    const int PageTicks = 1000;

    internal static async Task<string> MeasureAsync()
    {
        var local = await LocalAsync();
        var (pages, pageBytes) = Pages();
        var whole = await WholeAsync();
        var idle = await ShareAsync(static _ => Task.CompletedTask);
        var usual = await ShareAsync(static probe => Task.Run(probe.Start));
        var recording = await ShareAsync(static probe => probe.RecordAsync());
        return string.Create(CultureInfo.InvariantCulture, $"""

            ## Resource probe

            |figure|value|
            |---|---|
            |CPU of a tick: process, machine and control group|{local.Microseconds:0} µs|
            |allocated by it|{local.Bytes} B|
            |CPU of reading the pages of vLLM (75 KB), a node exporter and 8 GPUs|{pages:0} µs|
            |allocated by it|{pageBytes} B|
            |CPU of a whole tick: the above, the pages over HTTP from another process, and `/health`|{whole.Microseconds:0} µs|
            |allocated by it|{whole.Bytes} B|
            |share of one core over 20 s: a process that does nothing|{idle * 100:0.000} %|
            |the same with a probe at its default intervals (1 s, pages every 5 s)|{usual * 100:0.000} %|
            |the same while it records (everything every second)|{recording * 100:0.000} %|

            CPU is that of the whole process, garbage collection and the thread pool included; limits are 100 µs and 2,048 B for a local tick, 2,000 µs and 65,536 B for a whole one, 0.2 % of a core. The shares are to be measured with `DOTNET_TieredCompilation=0`: at one tick a second the runtime takes minutes to compile its best code, and until then that work, several milliseconds a second, is all that one sees.

            """);
    }

    static async Task<(double Microseconds, long Bytes)> LocalAsync()
    {
        await using var probe = new ResourceProbe(new() { Instruments = false, LocalGpus = LocalGpuSource.Off });
        for (long tick = 0; tick < 500; tick++) await probe.TickAsync(tick, CancellationToken.None);
        var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
        for (long tick = 0; tick < Ticks; tick++) await probe.TickAsync(tick, CancellationToken.None);
        return ((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Ticks, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / Ticks);
    }

    static async Task<(double Microseconds, long Bytes)> WholeAsync()
    {
        using var server = new ProducerProcess("pages");
        await using var probe = Probe(server.Url);
        for (var i = 0; i < 200; i++) await probe.SampleAsync();
        var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
        for (var i = 0; i < PageTicks; i++) await probe.SampleAsync();
        var spent = ((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / PageTicks, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / PageTicks);
        Confirm(probe);
        return spent;
    }

    static async Task<double> ShareAsync(Func<ResourceProbe, Task> start)
    {
        using var server = new ProducerProcess("pages");
        await using var probe = Probe(server.Url);
        // What a process that runs for long pays: without the compiler's work, which at one tick a second lasts for minutes.
        for (var round = 0; round < 8; round++)
        {
            for (var i = 0; i < 200; i++) await probe.SampleAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }

        await start(probe);
        await Task.Delay(TimeSpan.FromSeconds(5));
        var cpu = Environment.CpuUsage.TotalTime;
        var started = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(20));
        var share = (Environment.CpuUsage.TotalTime - cpu) / TimeProvider.System.GetElapsedTime(started);
        Confirm(probe);
        return share;
    }

    static ResourceProbe Probe(Uri url)
    {
        var options = new ResourceProbeOptions { Instruments = false, LocalGpus = LocalGpuSource.Off };
        options.Servers.Add(new("gpu-1") { Url = url, NodeExporter = new(url, "node"), GpuExporter = new(url, "gpu") });
        return new(options);
    }

    // A page that was not read would cost nothing.
    static void Confirm(ResourceProbe probe)
    {
        var bad = probe.Sources.FirstOrDefault(source => source.Target == "gpu-1" && source is not { State: ResourceSourceState.Ok or ResourceSourceState.Stale });
        if (bad is not null) throw new InvalidOperationException($"{bad.Name}: {bad.Reason}");
    }

    static (double Microseconds, long Bytes) Pages()
    {
        var (vllm, reader, node, gpu) = (Recording.Load("metrics-busy").Body, new VllmPage(), ExporterPages.Node(), ExporterPages.DcgmExporter());
        for (var i = 0; i < 200; i++) Read();
        var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
        for (var i = 0; i < PageTicks; i++) Read();
        return ((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / PageTicks, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / PageTicks);

        void Read()
        {
            reader.Read(vllm);
            NodePage.Read(node, out _);
            GpuPage.Read(gpu, out _);
        }
    }
}

using System.Globalization;
using System.Text;
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
        return string.Create(CultureInfo.InvariantCulture, $"""

            ## Resource probe

            |figure|value|
            |---|---|
            |CPU of a tick: process, machine and control group|{local.Microseconds:0} µs|
            |allocated by it|{local.Bytes} B|
            |CPU of reading the pages of vLLM (75 KB), a node exporter and 8 GPUs|{pages:0} µs|
            |allocated by it|{pageBytes} B|
            |share of one core for all of it every second|{(local.Microseconds + pages) / 10_000:0.000} %|

            Receiving the pages over HTTP comes on top. What the operating system does for a read of its files is in the first figure.

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

    static (double Microseconds, long Bytes) Pages()
    {
        var (vllm, reader, node, gpu) = (Recording.Load("metrics-busy").Body, new VllmPage(), NodeText(), GpuText());
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

    // As many lines as a machine of 64 processors shows, most of them of no interest.
    static byte[] NodeText()
    {
        var text = new StringBuilder();
        foreach (var cpu in Enumerable.Range(0, 64))
        {
            foreach (var mode in new[] { "idle", "iowait", "irq", "nice", "softirq", "steal", "system", "user" }) text.Append(CultureInfo.InvariantCulture, $"node_cpu_seconds_total{{cpu=\"{cpu}\",mode=\"{mode}\"}} 12345.67\n");
        }

        while (text.Length < 58_000) text.Append("node_filesystem_avail_bytes{device=\"/dev/sda1\",fstype=\"ext4\",mountpoint=\"/\"} 1.2345e+10\n");
        return Encoding.UTF8.GetBytes(text.Append("node_memory_MemTotal_bytes 1e+11\nnode_memory_MemAvailable_bytes 5e+10\nnode_load1 1.5\n").ToString());
    }

    static byte[] GpuText()
    {
        var text = new StringBuilder();
        foreach (var name in new[] { "GPU_UTIL", "POWER_USAGE", "TOTAL_ENERGY_CONSUMPTION", "FB_USED", "FB_FREE", "FB_RESERVED", "GPU_TEMP", "SM_CLOCK", "MEM_CLOCK" })
        {
            foreach (var gpu in Enumerable.Range(0, 8)) text.Append(CultureInfo.InvariantCulture, $"DCGM_FI_DEV_{name}{{gpu=\"{gpu}\",UUID=\"GPU-{gpu}\",modelName=\"NVIDIA H100\",Hostname=\"h\"}} 50\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

using System.Globalization;
using System.Text;

namespace Vllm.Testing;

/// <summary>Pages as the exporters beside a vLLM server write them, of the size that a large machine gives.</summary>
public static class ExporterPages
{
    static readonly string[] States = ["idle", "iowait", "irq", "nice", "softirq", "steal", "system", "user"];
    static readonly string[] Devices = ["lo", "eth0", "docker0", "veth12ab"];

    static readonly (string Name, string Help, string Value)[] Dcgm =
    [
        ("SM_CLOCK", "SM clock frequency (in MHz).", "1980"),
        ("MEM_CLOCK", "Memory clock frequency (in MHz).", "2619"),
        ("GPU_TEMP", "GPU temperature (in C).", "61"),
        ("POWER_USAGE", "Power draw (in W).", "512.431000"),
        ("TOTAL_ENERGY_CONSUMPTION", "Total energy consumption since boot (in mJ).", "728100034512"),
        ("GPU_UTIL", "GPU utilization (in %).", "93"),
        ("FB_FREE", "Framebuffer memory free (in MiB).", "8000"),
        ("FB_USED", "Framebuffer memory used (in MiB).", "73000"),
        ("FB_RESERVED", "Framebuffer memory reserved (in MiB).", "559"),
        ("XID_ERRORS", "Value of the last XID error encountered.", "0"),
    ];

    static readonly (string Name, string Value)[] Smi =
    [
        ("utilization_gpu_ratio", "0.93"), ("memory_used_bytes", "7.6546048e+10"), ("memory_total_bytes", "8.552185856e+10"),
        ("power_draw_watts", "512.43"), ("energy_joules_total", "728100.5"), ("temperature_gpu", "61"), ("pstate", "0"),
    ];

    /// <summary>The page of a node exporter; most of it is of no interest to anybody who asks for processors and memory.</summary>
    public static byte[] Node(int processors = 64, int bytes = 58_000)
    {
        var text = new StringBuilder("# HELP node_boot_time_seconds Node boot time, in unixtime.\n# TYPE node_boot_time_seconds gauge\nnode_boot_time_seconds 1.764e+09\n");
        text.Append("# HELP node_cpu_seconds_total Seconds the CPUs spent in each mode.\n# TYPE node_cpu_seconds_total counter\n");
        for (var cpu = 0; cpu < processors; cpu++)
        {
            foreach (var state in States) text.Append(CultureInfo.InvariantCulture, $"node_cpu_seconds_total{{cpu=\"{cpu}\",mode=\"{state}\"}} {12345.67 + cpu}\n");
        }

        text.Append("# TYPE node_load1 gauge\nnode_load1 1.5\n# TYPE node_memory_MemAvailable_bytes gauge\nnode_memory_MemAvailable_bytes 5.3e+11\n# TYPE node_memory_MemTotal_bytes gauge\nnode_memory_MemTotal_bytes 1.08e+12\n");
        foreach (var direction in new[] { "receive", "transmit" })
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE node_network_{direction}_bytes_total counter\n");
            foreach (var device in Devices) text.Append(CultureInfo.InvariantCulture, $"node_network_{direction}_bytes_total{{device=\"{device}\"}} 1.234567e+09\n");
        }

        text.Append("# TYPE node_pressure_cpu_waiting_seconds_total counter\nnode_pressure_cpu_waiting_seconds_total 12.5\nnode_pressure_io_waiting_seconds_total 1.5\nnode_pressure_memory_waiting_seconds_total 0\n");
        text.Append("# TYPE node_filesystem_avail_bytes gauge\n");
        for (var disk = 0; text.Length < bytes; disk++) text.Append(CultureInfo.InvariantCulture, $"node_filesystem_avail_bytes{{device=\"/dev/sd{disk}\",fstype=\"ext4\",mountpoint=\"/\"}} 1.2345e+10\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The page of a dcgm-exporter.</summary>
    public static byte[] DcgmExporter(int gpus = 8)
    {
        var text = new StringBuilder();
        foreach (var (name, help, value) in Dcgm)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP DCGM_FI_DEV_{name} {help}\n# TYPE DCGM_FI_DEV_{name} {(name.StartsWith("TOTAL", StringComparison.Ordinal) ? "counter" : "gauge")}\n");
            for (var gpu = 0; gpu < gpus; gpu++)
                text.Append(CultureInfo.InvariantCulture, $"DCGM_FI_DEV_{name}{{gpu=\"{gpu}\",UUID=\"GPU-4f2d1c0a-0000-0000-0000-00000000000{gpu}\",pci_bus_id=\"00000000:0{gpu}:00.0\",device=\"nvidia{gpu}\",modelName=\"NVIDIA H100 80GB HBM3\",Hostname=\"gpu-1\"}} {value}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The page of nvidia_gpu_exporter.</summary>
    public static byte[] NvidiaGpuExporter(int gpus = 8)
    {
        var text = new StringBuilder("# TYPE nvidia_smi_gpu_info gauge\n");
        for (var gpu = 0; gpu < gpus; gpu++) text.Append(CultureInfo.InvariantCulture, $"nvidia_smi_gpu_info{{driver_version=\"550.54\",name=\"NVIDIA H100 80GB HBM3\",uuid=\"4f2d1c0a-{gpu}\"}} 1\n");
        foreach (var (name, value) in Smi)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP nvidia_smi_{name} {name}\n# TYPE nvidia_smi_{name} gauge\n");
            for (var gpu = 0; gpu < gpus; gpu++) text.Append(CultureInfo.InvariantCulture, $"nvidia_smi_{name}{{uuid=\"4f2d1c0a-{gpu}\"}} {value}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

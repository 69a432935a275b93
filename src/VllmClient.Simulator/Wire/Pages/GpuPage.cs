using System.Globalization;
using System.Text;
using Vllm.Simulator.Engine;

namespace Vllm.Simulator.Wire;

/// <summary>The page of a GPU exporter: one H100 with 80 GB that holds the weights of an 8B model in BF16 and the blocks.</summary>
static class GpuPage
{
    const long MiB = 1024 * 1024;
    const long TotalMiB = 81_559;
    const long ReservedMiB = 551;
    const long WeightBytes = 16_060_522_496;

    // 32 layers, 8 heads of 128 for keys and values each, two bytes.
    public const long BytesPerToken = 32 * 8 * 128 * 2 * 2;

    public static byte[] Render(in GpuReading reading, SimulatorOptions options)
    {
        var labels = $"{{gpu=\"0\",UUID=\"{Uuid(options.Seed)}\",modelName=\"NVIDIA H100 80GB HBM3\"}} ";
        var page = new StringBuilder(2048);
        void Series(string name, string type, string help, string value) => page
            .Append("# HELP DCGM_FI_DEV_").Append(name).Append(' ').Append(help).Append('\n')
            .Append("# TYPE DCGM_FI_DEV_").Append(name).Append(' ').Append(type).Append('\n')
            .Append("DCGM_FI_DEV_").Append(name).Append(labels).Append(value).Append('\n');
        void Gauge(string name, string help, long value) => Series(name, "gauge", help, value.ToString(CultureInfo.InvariantCulture));

        // Blocks for more than the card are somebody's experiment, not a reason for free memory below nothing.
        var used = Math.Min((WeightBytes + BlockBytes(options)) / MiB, TotalMiB - ReservedMiB);
        Gauge("GPU_TEMP", "GPU temperature (in C).", (long)Math.Round(30 + (reading.Watts / 20)));
        Series("POWER_USAGE", "gauge", "Power draw (in W).", reading.Watts.ToString("F6", CultureInfo.InvariantCulture));
        var millijoules = ((long)reading.Millijoules).ToString(CultureInfo.InvariantCulture);
        Series("TOTAL_ENERGY_CONSUMPTION", "counter", "Total energy consumption since boot (in mJ).", millijoules);
        Gauge("GPU_UTIL", "GPU utilization (in %).", (long)Math.Round(reading.Busy * 100));
        Gauge("FB_FREE", "Framebuffer memory free (in MiB).", TotalMiB - ReservedMiB - used);
        Gauge("FB_USED", "Framebuffer memory used (in MiB).", used);
        Gauge("FB_RESERVED", "Framebuffer memory reserved (in MiB).", ReservedMiB);
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    public static long BlockBytes(SimulatorOptions options) => (long)options.Blocks * options.BlockSize * BytesPerToken;

    static string Uuid(ulong seed)
    {
        var hex = Mix.Of(seed, 3).ToString("x16", CultureInfo.InvariantCulture) + Mix.Of(seed, 4).ToString("x16", CultureInfo.InvariantCulture);
        return $"GPU-{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }
}

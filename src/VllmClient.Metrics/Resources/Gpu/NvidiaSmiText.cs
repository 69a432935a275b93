using System.Globalization;

namespace Vllm.Resources;

/// <summary>Reads what <c>nvidia-smi</c> writes. Pure.</summary>
static class NvidiaSmiText
{
    public const string Query = "index,uuid,name,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu,mig.mode.current";
    const int Fields = 9;
    const double MiB = 1024 * 1024;

    /// <summary>One GPU a line; lines that are none are counted.</summary>
    public static IReadOnlyList<GpuSample> Read(string text, out int oddLines)
    {
        var gpus = new List<GpuSample>();
        oddLines = 0;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Gpu(line.Split(',', StringSplitOptions.TrimEntries)) is { } gpu) gpus.Add(gpu);
            else oddLines++;
        }

        return gpus;
    }

    static GpuSample? Gpu(string[] fields)
    {
        if (fields.Length != Fields || Text(fields[1]) is not { } id) return null;
        bool? isMig = Text(fields[8]) switch
        {
            "Enabled" => true,
            "Disabled" => false,
            _ => null,
        };
        return new()
        {
            Id = id,
            Index = (int?)PageNumbers.Whole(Number(fields[0])),
            Name = Text(fields[2]),
            Vendor = "NVIDIA",
            Utilization = isMig == true ? null : Number(fields[3]) / 100,
            MemoryUsedBytes = PageNumbers.Whole(Number(fields[4]) * MiB),
            MemoryTotalBytes = PageNumbers.Whole(Number(fields[5]) * MiB),
            PowerWatts = Number(fields[6]),
            TemperatureCelsius = Number(fields[7]),
            IsMig = isMig,
        };
    }

    // The program writes "no value" in many words: [N/A], [Not Supported], [Unknown Error], N/A.
    static string? Text(string field) => field.Length == 0 || field == "N/A" || field[0] == '[' ? null : field;

    static double? Number(string field) =>
        Text(field) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? PageNumbers.Positive(value) : null;
}

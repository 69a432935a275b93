using System.Text;

namespace Vllm.Resources;

/// <summary>Reads the page of dcgm-exporter or of nvidia_gpu_exporter. Pure.</summary>
static class GpuPage
{
    const double MiB = 1024 * 1024;

    public static IReadOnlyList<GpuSample> Read(ReadOnlySpan<byte> page, out int skippedLines)
    {
        var rows = new List<Row>();
        var reader = new PrometheusReader(page, stackalloc LabelPlace[PrometheusReader.MaxLabels], IsWanted);
        while (reader.MoveNext())
        {
            if (reader.Name.StartsWith("DCGM_"u8)) TakeDcgm(rows, ref reader);
            else TakeSmi(rows, ref reader);
        }

        skippedLines = reader.SkippedLines;
        var samples = new List<GpuSample>(rows.Count);
        foreach (var row in rows)
            if (row.HasAny) samples.Add(row.Sample());
        return samples;
    }

    static bool IsWanted(ReadOnlySpan<byte> name) => name.StartsWith("DCGM_FI_DEV_"u8) || name.StartsWith("nvidia_smi_"u8);

    // dcgm writes "no value" as one of a few numbers that no GPU can reach.
    static bool IsNone(double value) => value is >= 2147483632 and <= 2147483647 or >= 9.22e18 or 1.40737488355328e14;

    static void TakeDcgm(List<Row> rows, ref PrometheusReader reader)
    {
        var value = reader.Value;
        if (IsNone(value) || value < 0) return;
        var name = reader.Name["DCGM_FI_DEV_".Length..];
        var isFigure = name.SequenceEqual("GPU_UTIL"u8) || name.SequenceEqual("FB_USED"u8) || name.SequenceEqual("FB_FREE"u8) || name.SequenceEqual("FB_RESERVED"u8)
            || name.SequenceEqual("POWER_USAGE"u8) || name.SequenceEqual("TOTAL_ENERGY_CONSUMPTION"u8) || name.SequenceEqual("GPU_TEMP"u8);
        if (!isFigure || Of(rows, reader.RawLabel("UUID"u8), reader.RawLabel("GPU_I_ID"u8)) is not { } row) return;
        row.HasAny = true;
        row.Name ??= Text(reader.RawLabel("modelName"u8));
        row.Index ??= (int?)ProcText.Number(reader.RawLabel("gpu"u8));
        switch (name)
        {
            case var _ when name.SequenceEqual("GPU_UTIL"u8): row.Utilization = value / 100; break;
            case var _ when name.SequenceEqual("FB_USED"u8): row.Used = value * MiB; break;
            case var _ when name.SequenceEqual("FB_FREE"u8): row.Free = value * MiB; break;
            case var _ when name.SequenceEqual("FB_RESERVED"u8): row.Reserved = value * MiB; break;
            case var _ when name.SequenceEqual("POWER_USAGE"u8): row.Power = value; break;
            case var _ when name.SequenceEqual("TOTAL_ENERGY_CONSUMPTION"u8): row.Energy = value / 1000; break;
            default: row.Temperature = value; break;
        }
    }

    static void TakeSmi(List<Row> rows, ref PrometheusReader reader)
    {
        var name = reader.Name["nvidia_smi_".Length..];
        var value = reader.Value;
        if (Of(rows, reader.RawLabel("uuid"u8), default) is not { } row) return;
        if (name.SequenceEqual("gpu_info"u8)) row.Name = Text(reader.RawLabel("name"u8));
        else if (value < 0) return;
        else if (name.SequenceEqual("utilization_gpu_ratio"u8)) row.Take(ref row.Utilization, value);
        else if (name.SequenceEqual("memory_used_bytes"u8)) row.Take(ref row.Used, value);
        else if (name.SequenceEqual("memory_total_bytes"u8)) row.Take(ref row.Total, value);
        else if (name.SequenceEqual("power_draw_watts"u8)) row.Take(ref row.Power, value);
        else if (name.SequenceEqual("energy_joules_total"u8)) row.Take(ref row.Energy, value);
    }

    static string? Text(ReadOnlySpan<byte> raw) => raw.IsEmpty ? null : PrometheusLine.Unescape(raw);

    static Row? Of(List<Row> rows, ReadOnlySpan<byte> id, ReadOnlySpan<byte> instance)
    {
        if (id.IsEmpty) return null;
        foreach (var row in rows)
            if (row.Is(id, instance)) return row;
        // No machine has more; a page of other making could bring any number.
        if (rows.Count == 1024) return null;
        rows.Add(new(id, instance));
        return rows[^1];
    }

    sealed class Row(ReadOnlySpan<byte> id, ReadOnlySpan<byte> instance)
    {
        readonly byte[] _id = id.ToArray();
        readonly byte[] _instance = instance.ToArray();

        public bool HasAny;
        public int? Index;
        public string? Name;
        public double? Utilization;
        public double? Used;
        public double? Free;
        public double? Reserved;
        public double? Total;
        public double? Power;
        public double? Energy;
        public double? Temperature;

        public bool Is(ReadOnlySpan<byte> id, ReadOnlySpan<byte> instance) => id.SequenceEqual(_id) && instance.SequenceEqual(_instance);

        public void Take(ref double? figure, double value) => (figure, HasAny) = (value, true);

        public GpuSample Sample()
        {
            var isMig = _instance.Length > 0;
            var id = Encoding.UTF8.GetString(_id);
            return new()
            {
                Id = isMig ? $"{id}/{Encoding.UTF8.GetString(_instance)}" : id,
                Index = Index,
                Name = Name,
                Vendor = "NVIDIA",
                Utilization = isMig ? null : Utilization,
                MemoryUsedBytes = PageNumbers.Whole(Used),
                MemoryTotalBytes = PageNumbers.Whole(Total ?? (Used + Free + (Reserved ?? 0))),
                PowerWatts = PageNumbers.Positive(Power),
                EnergyJoules = PageNumbers.Positive(Energy),
                TemperatureCelsius = Temperature,
                IsMig = isMig,
            };
        }
    }
}

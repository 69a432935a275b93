namespace Vllm.Resources;

/// <summary>AMD's GPUs, by their driver's files.</summary>
sealed class AmdGpus : IResourceSource
{
    const string Cards = "/sys/class/drm";

    readonly List<Card> _cards = [];
    readonly GpuFilter _filter;

    public AmdGpus(LinuxFiles files, IEnumerable<string> gpuIds)
    {
        _filter = new(gpuIds);
        foreach (var name in files.Names(Cards))
        {
            // card0-HDMI-1 and the like are connectors.
            if (!name.StartsWith("card", StringComparison.Ordinal) || !int.TryParse(name.AsSpan(4), out var number)) continue;
            var device = $"{Cards}/{name}/device";
            if (files.Text($"{device}/vendor").Trim() == "0x1002") _cards.Add(new(files, device, number));
        }

        _cards.Sort(static (a, b) => a.Index.CompareTo(b.Index));
    }

    public string Name => "amdgpu";

    public string Target => ResourceProbe.AppTarget;

    public bool HasAny => _cards.Count > 0;

    public ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        var gpus = _filter.Of(_cards.ConvertAll(card => card.Read()));
        return new(gpus.Count == 0 ? ResourceReading.Absent("no AMD GPU") : new() { Gpus = gpus });
    }

    sealed class Card(LinuxFiles files, string device, int index)
    {
        readonly LinuxFile _busy = files.Open($"{device}/gpu_busy_percent");
        readonly LinuxFile _used = files.Open($"{device}/mem_info_vram_used");
        readonly LinuxFile _total = files.Open($"{device}/mem_info_vram_total");
        readonly LinuxFile[] _power = [.. Sensors(files, device).SelectMany(folder => new[] { files.Open($"{folder}/power1_average"), files.Open($"{folder}/power1_input") })];
        readonly LinuxFile[] _temperature = [.. Sensors(files, device).Select(folder => files.Open($"{folder}/temp1_input"))];
        readonly string _id = files.Text($"{device}/unique_id").Trim() is { Length: > 0 } unique ? unique : files.LinkedName(device) ?? FormattableString.Invariant($"card{index}");
        readonly string? _name = files.Text($"{device}/product_name").Trim() is { Length: > 0 } name ? name : null;

        public int Index => index;

        public GpuSample Read() => new()
        {
            Id = _id,
            Index = index,
            Name = _name,
            Vendor = "AMD",
            Utilization = ProcText.Number(_busy.Read()) / 100.0,
            MemoryUsedBytes = ProcText.Number(_used.Read()),
            MemoryTotalBytes = ProcText.Number(_total.Read()),
            PowerWatts = First(_power) / 1e6,
            TemperatureCelsius = First(_temperature) / 1e3,
        };

        static double? First(LinuxFile[] files)
        {
            foreach (var file in files)
                if (ProcText.Number(file.Read()) is { } value) return value;
            return null;
        }

        static IEnumerable<string> Sensors(LinuxFiles files, string device) =>
            files.Names($"{device}/hwmon").Where(name => name.StartsWith("hwmon", StringComparison.Ordinal)).Select(name => $"{device}/hwmon/{name}");
    }
}

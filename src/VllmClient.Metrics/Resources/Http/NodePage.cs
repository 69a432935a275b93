namespace Vllm.Resources;

/// <summary>Reads the page of a Prometheus node exporter. Pure.</summary>
static class NodePage
{
    public static MachineSample? Read(ReadOnlySpan<byte> page, out int skippedLines)
    {
        var sums = new Sums();
        var reader = new PrometheusReader(page, stackalloc LabelPlace[PrometheusReader.MaxLabels], IsWanted);
        while (reader.MoveNext()) sums.Take(ref reader);
        skippedLines = reader.SkippedLines;
        return sums.Sample();
    }

    static bool IsWanted(ReadOnlySpan<byte> name) =>
        name.StartsWith("node_"u8)
        && (name.SequenceEqual("node_cpu_seconds_total"u8) || name.StartsWith("node_memory_Mem"u8) || name.SequenceEqual("node_load1"u8)
            || name.SequenceEqual("node_network_receive_bytes_total"u8) || name.SequenceEqual("node_network_transmit_bytes_total"u8)
            || name.StartsWith("node_pressure_"u8) || name.SequenceEqual("node_boot_time_seconds"u8));

    struct Sums
    {
        int _cpus;
        double? _total;
        double _rest;
        double? _steal;
        double? _memory;
        double? _available;
        double? _load;
        double? _received;
        double? _sent;
        double? _cpuPressure;
        double? _memoryPressure;
        double? _ioPressure;
        double? _boot;

        public void Take(ref PrometheusReader reader)
        {
            var name = reader.Name["node_".Length..];
            var value = reader.Value;
            if (name.SequenceEqual("cpu_seconds_total"u8)) TakeCpu(reader.RawLabel("mode"u8), value);
            else if (name.SequenceEqual("network_receive_bytes_total"u8)) TakeNetwork(ref _received, reader.RawLabel("device"u8), value);
            else if (name.SequenceEqual("network_transmit_bytes_total"u8)) TakeNetwork(ref _sent, reader.RawLabel("device"u8), value);
            else if (name.SequenceEqual("memory_MemTotal_bytes"u8)) _memory = value;
            else if (name.SequenceEqual("memory_MemAvailable_bytes"u8)) _available = value;
            else if (name.SequenceEqual("load1"u8)) _load = value;
            else if (name.SequenceEqual("boot_time_seconds"u8)) _boot = value;
            else if (name.SequenceEqual("pressure_cpu_waiting_seconds_total"u8)) _cpuPressure = value;
            else if (name.SequenceEqual("pressure_memory_waiting_seconds_total"u8)) _memoryPressure = value;
            else if (name.SequenceEqual("pressure_io_waiting_seconds_total"u8)) _ioPressure = value;
        }

        void TakeCpu(ReadOnlySpan<byte> mode, double value)
        {
            PageNumbers.Add(ref _total, value);
            if (mode.SequenceEqual("idle"u8))
            {
                _cpus++;
                _rest += value;
            }
            else if (mode.SequenceEqual("iowait"u8)) _rest += value;
            else if (mode.SequenceEqual("steal"u8)) PageNumbers.Add(ref _steal, value);
        }

        static void TakeNetwork(ref double? sum, ReadOnlySpan<byte> device, double value)
        {
            if (!ProcText.IsInner(device)) PageNumbers.Add(ref sum, value);
        }

        public readonly MachineSample? Sample() => _total is null && _memory is null && _load is null && _received is null ? null : new()
        {
            LogicalCpus = _cpus > 0 ? _cpus : null,
            CpuTotalTime = PageNumbers.Seconds(_total),
            CpuBusyTime = PageNumbers.Seconds(_total - _rest),
            CpuStealTime = PageNumbers.Seconds(_steal),
            MemoryTotalBytes = PageNumbers.Whole(_memory),
            MemoryAvailableBytes = PageNumbers.Whole(_available),
            Load1 = PageNumbers.Positive(_load),
            CpuPressureTime = PageNumbers.Seconds(_cpuPressure),
            MemoryPressureTime = PageNumbers.Seconds(_memoryPressure),
            IoPressureTime = PageNumbers.Seconds(_ioPressure),
            NetworkReceivedBytes = PageNumbers.Whole(_received),
            NetworkSentBytes = PageNumbers.Whole(_sent),
            BootSeconds = _boot,
        };
    }
}

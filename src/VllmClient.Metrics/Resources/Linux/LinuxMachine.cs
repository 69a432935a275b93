namespace Vllm.Resources;

/// <summary>The machine, by <c>/proc</c>. In a container that is the whole host.</summary>
sealed class LinuxMachine(LinuxFiles files) : IResourceSource
{
    readonly CpuStates _states = new();
    readonly LinuxFile _stat = files.Open("/proc/stat");
    readonly LinuxFile _memory = files.Open("/proc/meminfo");
    readonly LinuxFile _load = files.Open("/proc/loadavg");
    readonly LinuxFile _cpuPressure = files.Open("/proc/pressure/cpu");
    readonly LinuxFile _memoryPressure = files.Open("/proc/pressure/memory");
    readonly LinuxFile _ioPressure = files.Open("/proc/pressure/io");
    readonly LinuxFile _network = files.Open("/proc/net/dev");

    public string Name => "machine";

    public string Target => ResourceProbe.AppTarget;

    public ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default) => new(new ResourceReading { Machine = Read() });

    public MachineSample Read()
    {
        var cpus = _states.Take(_stat.Read());
        var memory = _memory.Read();
        var (load, runnable) = ProcText.Load(_load.Read());
        var (received, sent) = ProcText.Network(_network.Read());
        return new()
        {
            LogicalCpus = cpus,
            CpuTotalTime = cpus is null ? null : _states.Total,
            CpuBusyTime = cpus is null ? null : _states.Busy,
            CpuStealTime = cpus is null ? null : _states.StealTime,
            MemoryTotalBytes = ProcText.MemoryBytes(memory, "MemTotal:"u8),
            MemoryAvailableBytes = ProcText.MemoryBytes(memory, "MemAvailable:"u8),
            Load1 = load,
            RunnableThreads = runnable,
            CpuPressureTime = ProcText.Pressure(_cpuPressure.Read()),
            MemoryPressureTime = ProcText.Pressure(_memoryPressure.Read()),
            IoPressureTime = ProcText.Pressure(_ioPressure.Read()),
            NetworkReceivedBytes = received,
            NetworkSentBytes = sent,
        };
    }
}

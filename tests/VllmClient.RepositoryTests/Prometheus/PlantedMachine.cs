using Vllm.Resources;

namespace Vllm.Tests;

/// <summary>A machine with a container and two GPUs that has all figures there are; its counters grow with each reading.</summary>
sealed class PlantedMachine(string target) : IResourceSource
{
    int _reads;

    public string Name => "planted";

    public string Target => target;

    public ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        var n = Interlocked.Increment(ref _reads);
        var time = TimeSpan.FromSeconds(n / 2.0);
        return new(new ResourceReading
        {
            Process = new() { CpuTime = time, WorkingSetBytes = 100_000_000 },
            Machine = new() { CpuUtilization = 0.5, CpuTotalTime = time * 2, CpuBusyTime = time, MemoryTotalBytes = 1_000_000_000, MemoryAvailableBytes = 400_000_000, NetworkReceivedBytes = 7000 * n, NetworkSentBytes = 8000 * n },
            Container = new() { CpuTime = time, MemoryBytes = 50_000_000, MemoryLimitBytes = 60_000_000, ThrottledTime = time / 10 },
            Gpus = [Gpu("GPU-a", n), Gpu("GPU-b", n)],
            Server = new() { Running = 1, Waiting = 2, KvCacheUtilization = 0.25, PromptTokens = 10 * n, GenerationTokens = 20 * n, Preemptions = n },
        });
    }

    static GpuSample Gpu(string id, int n) => new()
    {
        Id = id,
        Name = "Planted",
        Vendor = "NVIDIA",
        Utilization = 0.9,
        MemoryUsedBytes = 5_000_000,
        MemoryTotalBytes = 6_000_000,
        PowerWatts = 70,
        EnergyJoules = 70 * n,
        TemperatureCelsius = 60,
    };
}

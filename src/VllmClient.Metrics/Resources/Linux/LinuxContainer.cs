namespace Vllm.Resources;

/// <summary>The control group of this process, by version 1 or 2 of the kernel's files.</summary>
sealed class LinuxContainer : IResourceSource
{
    readonly CgroupCpu? _cpu;
    readonly CgroupMemory? _memory;

    public LinuxContainer(LinuxFiles files)
    {
        var cpu = CgroupFolder.Find(files, "cpu");
        var memory = CgroupFolder.Find(files, "memory");
        if (cpu is not null) _cpu = new(files, cpu);
        if (memory is not null) _memory = new(files, memory);
        IsOutside = IsRoot(files, cpu, "cpu.max", _cpu?.LimitCores() is not null) && IsRoot(files, memory, "memory.max", _memory?.LimitBytes() is not null);
    }

    public string Name => "container";

    public string Target => ResourceProbe.AppTarget;

    /// <summary>Whether the process is in no group of its own.</summary>
    public bool IsOutside { get; }

    public ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default) =>
        new(Read() is { } sample ? new() { Container = sample } : ResourceReading.Absent("no container: the process is in no control group of its own"));

    public ContainerSample? Read()
    {
        if (IsOutside) return null;
        var throttling = _cpu?.Throttling() ?? default;
        return new()
        {
            CpuTime = _cpu?.Time(),
            CpuLimitCores = _cpu?.LimitCores(),
            CpuPeriods = throttling.Periods,
            ThrottledPeriods = throttling.Throttled,
            ThrottledTime = throttling.Time,
            MemoryBytes = _memory?.Bytes(),
            MemoryLimitBytes = _memory?.LimitBytes(),
        };
    }

    // The root of the unified hierarchy has no limits to set. That of an old one looks like the group of a namespace, which is worth showing only with a limit.
    static bool IsRoot(LinuxFiles files, CgroupFolder? group, string limitFile, bool hasLimit) =>
        group is null || (group.IsTop && (group.IsV2 ? !files.HasFile($"{group.Folder}/{limitFile}") : !hasLimit));
}

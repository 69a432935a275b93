namespace Vllm.Resources;

/// <summary>A control group's memory files.</summary>
sealed class CgroupMemory
{
    // Version 1 writes "no limit" as the largest multiple of a page.
    const long NoLimit = 1L << 62;

    readonly bool _isV2;
    readonly LinuxFile _usage;
    readonly LinuxFile _stat;
    readonly LinuxFile[] _limits;

    public CgroupMemory(LinuxFiles files, CgroupFolder group)
    {
        _isV2 = group.IsV2;
        _usage = files.Open($"{group.Folder}/{(_isV2 ? "memory.current" : "memory.usage_in_bytes")}");
        _stat = files.Open($"{group.Folder}/memory.stat");
        _limits = [.. group.Upwards().Select(folder => files.Open($"{folder}/{(_isV2 ? "memory.max" : "memory.limit_in_bytes")}"))];
    }

    /// <summary>Memory in use less the file cache that can go; the two files are read one after the other, so that the difference is kept above zero.</summary>
    public long? Bytes()
    {
        var used = ProcText.Number(_usage.Read());
        var inactive = ProcText.Keyed(_stat.Read(), _isV2 ? "inactive_file"u8 : "total_inactive_file"u8);
        return used is null ? null : Math.Max(0, used.Value - (inactive ?? 0));
    }

    public long? LimitBytes()
    {
        long? smallest = null;
        foreach (var limit in _limits)
            if (ProcText.Number(limit.Read()) is > 0 and < NoLimit and var bytes && !(bytes >= smallest)) smallest = bytes;
        return smallest;
    }
}

namespace Vllm.Resources;

/// <summary>A control group's processor files.</summary>
sealed class CgroupCpu
{
    readonly bool _isV2;
    readonly LinuxFile _stat;
    readonly LinuxFile? _usage;
    readonly (LinuxFile Limit, LinuxFile? Period)[] _limits;

    public CgroupCpu(LinuxFiles files, CgroupFolder group)
    {
        _isV2 = group.IsV2;
        _stat = files.Open($"{group.Folder}/cpu.stat");
        if (!_isV2) _usage = files.Open($"{(CgroupFolder.Find(files, "cpuacct") ?? group).Folder}/cpuacct.usage");
        _limits = [.. group.Upwards().Select(folder => _isV2
            ? (files.Open($"{folder}/cpu.max"), (LinuxFile?)null)
            : (files.Open($"{folder}/cpu.cfs_quota_us"), files.Open($"{folder}/cpu.cfs_period_us")))];
    }

    public TimeSpan? Time() => _usage is null ? Micro(ProcText.Keyed(_stat.Read(), "usage_usec"u8)) : Nano(ProcText.Number(_usage.Read()));

    public (long? Periods, long? Throttled, TimeSpan? Time) Throttling()
    {
        var stat = _stat.Read();
        return (ProcText.Keyed(stat, "nr_periods"u8), ProcText.Keyed(stat, "nr_throttled"u8),
            _isV2 ? Micro(ProcText.Keyed(stat, "throttled_usec"u8)) : Nano(ProcText.Keyed(stat, "throttled_time"u8)));
    }

    public double? LimitCores()
    {
        double? smallest = null;
        foreach (var (limit, period) in _limits)
        {
            var cores = period is null ? Cores(limit.Read()) : Cores(ProcText.Number(limit.Read()), ProcText.Number(period.Read()));
            if (cores is not null && !(cores >= smallest)) smallest = cores;
        }

        return smallest;
    }

    static double? Cores(ReadOnlySpan<byte> max)
    {
        var line = max.Trim((byte)'\n');
        var quota = ProcText.Number(ProcText.Word(ref line));
        return Cores(quota, ProcText.Number(ProcText.Word(ref line)) ?? 100_000);
    }

    static double? Cores(long? quota, long? period) => quota > 0 && period > 0 ? (double)quota.Value / period.Value : null;

    static TimeSpan? Micro(long? value) => value is >= 0 and < long.MaxValue / 10 ? TimeSpan.FromMicroseconds(value.Value) : null;

    static TimeSpan? Nano(long? value) => value is >= 0 ? TimeSpan.FromTicks(value.Value / 100) : null;
}

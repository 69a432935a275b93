using System.Globalization;

namespace Vllm.Tests.Resources;

/// <summary>This process's control group as a person would look it up: file by file, from the group to its top.</summary>
static class RealCgroup
{
    // What version 1 writes for "none" is the largest number of whole pages.
    const double NoLimit = 4e18;

    public static long? MemoryLimit() => Folders("memory")
        .Select(folder => Word($"{folder}/memory.max") ?? Word($"{folder}/memory.limit_in_bytes"))
        .Select(word => long.TryParse(word, CultureInfo.InvariantCulture, out var bytes) && bytes < NoLimit ? bytes : (long?)null).Min();

    public static double? CpuLimit() => Folders("cpu")
        .Select(folder => (Quota: Word($"{folder}/cpu.max") ?? Word($"{folder}/cpu.cfs_quota_us"), Period: Word($"{folder}/cpu.max", 1) ?? Word($"{folder}/cpu.cfs_period_us")))
        .Select(limit => double.TryParse(limit.Quota, CultureInfo.InvariantCulture, out var quota) && quota > 0 ? quota / double.Parse(limit.Period!, CultureInfo.InvariantCulture) : (double?)null).Min();

    public static double? CpuSeconds()
    {
        if (Folders("cpuacct").FirstOrDefault() is { } old && Word($"{old}/cpuacct.usage") is { } nano) return double.Parse(nano, CultureInfo.InvariantCulture) / 1e9;
        return Folders("cpu").FirstOrDefault() is { } folder && Word($"{folder}/cpu.stat", 1) is { } micro ? double.Parse(micro, CultureInfo.InvariantCulture) / 1e6 : null;
    }

    static List<string> Folders(string controller)
    {
        var groups = File.ReadAllLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).ToList();
        var mounts = File.ReadAllLines("/proc/self/mounts").Select(line => line.Split(' ')).ToList();
        var old = groups.FirstOrDefault(group => group[1].Split(',').Contains(controller));
        var path = (old ?? groups.FirstOrDefault(group => group[0] == "0"))?[2];
        var mount = mounts.FirstOrDefault(fields => old is null ? fields[2] == "cgroup2" : fields[2] == "cgroup" && fields[3].Split(',').Contains(controller))?[1];
        if (path is null || mount is null) return [];
        var folders = new List<string>();
        var folder = (mount + path).TrimEnd('/');
        if (!Directory.Exists(folder) || path.Contains("..", StringComparison.Ordinal)) folder = mount;
        for (; folder.Length >= mount.Length; folder = Path.GetDirectoryName(folder)!) folders.Add(folder);
        return folders;
    }

    // Words are divided by blanks and ends of lines, so that usage_usec of cpu.stat has its number second.
    static string? Word(string file, int place = 0) => File.Exists(file) ? File.ReadAllText(file).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)[place] : null;
}

namespace Vllm.Resources;

/// <summary>Where a controller's files of this process are.</summary>
/// <param name="IsV2">Whether they are of the unified hierarchy.</param>
/// <param name="Mount">The mount point, where going up ends.</param>
/// <param name="Folder">The group's folder, below the mount point or the same.</param>
sealed record CgroupFolder(bool IsV2, string Mount, string Folder)
{
    /// <summary>Whether the process is in the topmost group that it can see.</summary>
    public bool IsTop => Folder == Mount;

    /// <summary>The group's folder and those above it, up to the mount point.</summary>
    public IEnumerable<string> Upwards()
    {
        for (var folder = Folder; folder.Length >= Mount.Length; folder = folder[..folder.LastIndexOf('/')])
        {
            yield return folder;
            if (folder.Length == Mount.Length) yield break;
        }
    }

    /// <summary>Finds a controller's folder from <c>/proc/self/cgroup</c> and <c>/proc/self/mountinfo</c>; null if it is not mounted.</summary>
    public static CgroupFolder? Find(LinuxFiles files, string controller)
    {
        var groups = files.Text("/proc/self/cgroup");
        var mounts = files.Text("/proc/self/mountinfo");
        // Each controller lives in one hierarchy only; on hybrids some live in the old ones.
        if (PathOf(groups, controller) is { } old && MountOf(mounts, "cgroup", controller) is { } v1) return At(files, false, v1, old);
        return PathOf(groups, null) is { } path && MountOf(mounts, "cgroup2", null) is { } v2 ? At(files, true, v2, path) : null;
    }

    static CgroupFolder At(LinuxFiles files, bool isV2, (string Root, string Point) mount, string path)
    {
        var below = mount.Root == "/" ? path : path == mount.Root ? "/" : path.StartsWith(mount.Root + "/", StringComparison.Ordinal) ? path[mount.Root.Length..] : "/";
        var folder = mount.Point + below.TrimEnd('/');
        // A path out of another namespace says nothing about what is mounted here.
        if (below.Contains("/..", StringComparison.Ordinal) || !files.HasFolder(folder)) folder = mount.Point;
        return new(isV2, mount.Point, folder);
    }

    // Lines are NUMBER:CONTROLLERS:PATH; the unified hierarchy has no controllers, and a path may hold colons.
    static string? PathOf(string groups, string? controller)
    {
        foreach (var line in groups.Split('\n'))
        {
            var parts = line.TrimEnd('\r').Split(':', 3);
            if (parts.Length < 3) continue;
            if (controller is null ? parts is ["0", "", _] : parts[1].Split(',').Contains(controller, StringComparer.Ordinal)) return parts[2];
        }

        return null;
    }

    static (string Root, string Point)? MountOf(string mounts, string kind, string? controller)
    {
        foreach (var line in mounts.Split('\n'))
        {
            var halves = line.TrimEnd('\r').Split(" - ", 2);
            if (halves.Length < 2) continue;
            var (place, system) = (halves[0].Split(' '), halves[1].Split(' '));
            if (place.Length < 5 || system.Length < 3 || system[0] != kind) continue;
            if (controller is not null && !system[2].Split(',').Contains(controller, StringComparer.Ordinal)) continue;
            return (Unescape(place[3]), Unescape(place[4]).TrimEnd('/'));
        }

        return null;
    }

    static string Unescape(string path) => path.Replace(@"\040", " ", StringComparison.Ordinal).Replace(@"\011", "\t", StringComparison.Ordinal).Replace(@"\134", @"\", StringComparison.Ordinal);
}

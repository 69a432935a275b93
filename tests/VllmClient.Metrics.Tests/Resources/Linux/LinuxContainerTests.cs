using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class LinuxContainerTests
{
    const string V2Mount = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";

    static ContainerSample? Read(LinuxTree tree)
    {
        using var files = new LinuxFiles(tree.Root);
        return new LinuxContainer(files).Read();
    }

    static LinuxTree V2Group(LinuxTree tree, string folder, string cpuMax = "max 100000", string memoryMax = "max") => tree
        .With($"{folder}/cpu.stat", "usage_usec 5000000\nuser_usec 1\nsystem_usec 1\nnr_periods 100\nnr_throttled 25\nthrottled_usec 1500000\n")
        .With($"{folder}/cpu.max", cpuMax + "\n")
        .With($"{folder}/memory.current", "1000000\n")
        .With($"{folder}/memory.stat", "anon 5\nfile 9\ninactive_file 300000\n")
        .With($"{folder}/memory.max", memoryMax + "\n");

    [Fact]
    public void A_nested_group_of_version_2_has_the_smallest_limit_of_those_above_it()
    {
        using var tree = new LinuxTree().With("/proc/self/cgroup", "0::/pod/one\n").With("/proc/self/mountinfo", V2Mount);
        V2Group(tree, "/sys/fs/cgroup/pod/one", "400000 100000", "8000000");
        V2Group(tree, "/sys/fs/cgroup/pod", "150000 100000", "max");

        var sample = Read(tree).ShouldNotBeNull();

        sample.CpuTime.ShouldBe(TimeSpan.FromSeconds(5));
        sample.CpuLimitCores.ShouldBe(1.5);
        (sample.CpuPeriods, sample.ThrottledPeriods, sample.ThrottledTime).ShouldBe((100, 25, TimeSpan.FromSeconds(1.5)));
        (sample.MemoryBytes, sample.MemoryLimitBytes).ShouldBe((700000, 8000000));
    }

    [Fact]
    public void In_a_namespace_the_mount_point_is_the_group()
    {
        using var tree = new LinuxTree().With("/proc/self/cgroup", "0::/\n").With("/proc/self/mountinfo", V2Mount);
        V2Group(tree, "/sys/fs/cgroup", "max 100000", "5000000");

        var sample = Read(tree).ShouldNotBeNull();

        sample.CpuLimitCores.ShouldBeNull();
        sample.MemoryLimitBytes.ShouldBe(5000000);
    }

    [Fact]
    public void A_path_of_the_host_that_is_not_mounted_falls_back_to_the_mount_point()
    {
        using var tree = new LinuxTree()
            .With("/proc/self/cgroup", "0::/../../system.slice/docker-abc.scope\n")
            .With("/proc/self/mountinfo", "30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
        V2Group(tree, "/sys/fs/cgroup");

        Read(tree).ShouldNotBeNull().CpuTime.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Version_1_is_read_each_controller_by_itself()
    {
        using var tree = new LinuxTree()
            .With("/proc/self/cgroup", "9:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n")
            .With("/proc/self/mountinfo", """
                33 31 0:30 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct
                35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory
                """)
            .With("/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", "3000000000\n")
            .With("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "50000\n")
            .With("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
            .With("/sys/fs/cgroup/cpu,cpuacct/cpu.stat", "nr_periods 10\nnr_throttled 5\nthrottled_time 2000000000\n")
            .With("/sys/fs/cgroup/memory/memory.usage_in_bytes", "900\n")
            .With("/sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 200\n")
            .With("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        Read(tree).ShouldBe(new ContainerSample
        {
            CpuTime = TimeSpan.FromSeconds(3),
            CpuLimitCores = 0.5,
            CpuPeriods = 10,
            ThrottledPeriods = 5,
            ThrottledTime = TimeSpan.FromSeconds(2),
            MemoryBytes = 700,
        });
    }

    [Fact]
    public void A_hybrid_takes_each_controller_where_it_is()
    {
        using var tree = new LinuxTree()
            .With("/proc/self/cgroup", "5:memory:/a\n0::/a\n")
            .With("/proc/self/mountinfo", "40 31 0:37 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n")
            .With("/sys/fs/cgroup/memory/a/memory.usage_in_bytes", "900\n")
            .With("/sys/fs/cgroup/memory/a/memory.limit_in_bytes", "1000\n");
        V2Group(tree, "/sys/fs/cgroup/unified/a", "100000 100000");

        var sample = Read(tree).ShouldNotBeNull();

        (sample.CpuLimitCores, sample.MemoryBytes, sample.MemoryLimitBytes).ShouldBe((1, 900, 1000));
    }

    [Fact]
    public void The_root_group_is_no_container()
    {
        using var tree = new LinuxTree().With("/proc/self/cgroup", "0::/\n").With("/proc/self/mountinfo", V2Mount)
            .With("/sys/fs/cgroup/cpu.stat", "usage_usec 5000000\n");

        Read(tree).ShouldBeNull();
    }

    [Fact]
    public void The_root_of_version_1_is_no_container()
    {
        using var tree = new LinuxTree()
            .With("/proc/self/cgroup", "2:memory:/\n1:cpu:/\n")
            .With("/proc/self/mountinfo", "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n")
            .With("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n")
            .With("/sys/fs/cgroup/memory/memory.usage_in_bytes", "900\n")
            .With("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        Read(tree).ShouldBeNull();
    }

    [Fact]
    public void Without_control_groups_there_is_no_container()
    {
        using var tree = new LinuxTree();

        Read(tree).ShouldBeNull();
    }

    [Fact]
    public void The_share_of_stopped_periods_is_that_since_the_reading_before()
    {
        var before = new ContainerSample { CpuTime = TimeSpan.FromSeconds(1), CpuPeriods = 100, ThrottledPeriods = 10 };
        var now = new ContainerSample { CpuTime = TimeSpan.FromSeconds(4), CpuPeriods = 120, ThrottledPeriods = 15 };

        var rated = Rates.Of(before, now, 2);

        (rated.CpuCores, rated.ThrottledShare).ShouldBe((1.5, 0.25));
    }
}

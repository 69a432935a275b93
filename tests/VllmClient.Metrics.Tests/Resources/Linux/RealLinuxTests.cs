using System.Globalization;
using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class RealLinuxTests
{
    static string Proc(string path) => File.ReadAllText(path);

    static double StatTotal() => Proc("/proc/stat").Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / 100;

    static double StatIdle() => Proc("/proc/stat").Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(4).Take(1).Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / 100;

    [Fact]
    public void Counters_lie_between_what_the_kernel_says_before_and_after()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc.");
        using var files = new LinuxFiles();
        var source = new LinuxMachine(files);

        var (total, idle) = (StatTotal(), StatIdle());
        var machine = source.Read();
        var (totalAfter, idleAfter) = (StatTotal(), StatIdle());

        machine.CpuTotalTime.ShouldNotBeNull().TotalSeconds.ShouldBeInRange(total - 0.02, totalAfter + 0.02);
        (machine.CpuTotalTime - machine.CpuBusyTime).ShouldNotBeNull().TotalSeconds.ShouldBeGreaterThanOrEqualTo(idle - 0.02);
        idleAfter.ShouldBeGreaterThanOrEqualTo(idle);
        var memory = Proc("/proc/meminfo").Split('\n').First(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        machine.MemoryTotalBytes.ShouldBe(long.Parse(memory, CultureInfo.InvariantCulture) * 1024);
        machine.LogicalCpus.ShouldBe(Proc("/proc/stat").Split('\n').Count(line => line.StartsWith("cpu", StringComparison.Ordinal)) - 1);
    }

    [Fact]
    public void The_process_time_lies_between_two_readings_of_the_runtime()
    {
        using var files = OperatingSystem.IsLinux() ? new LinuxFiles() : null;
        var source = new ProcessSource(files);
        var before = Environment.CpuUsage.TotalTime;

        var sample = source.Read();

        sample.CpuTime.ShouldNotBeNull().ShouldBeInRange(before, Environment.CpuUsage.TotalTime);
        if (OperatingSystem.IsLinux()) sample.WorkingSetBytes.ShouldNotBeNull().ShouldBeInRange(1_000_000, 16_000_000_000);
        sample.GcHeapBytes.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_control_group_agrees_with_its_own_files()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has control groups.");
        using var files = new LinuxFiles();
        var container = new LinuxContainer(files);
        var before = RealCgroup.CpuSeconds();

        var sample = container.Read();

        // On a machine without a control group, all of these are null on both sides.
        (sample?.MemoryLimitBytes).ShouldBe(RealCgroup.MemoryLimit());
        (sample?.CpuLimitCores).ShouldBe(RealCgroup.CpuLimit());
        if (sample?.CpuTime is { } time) time.TotalSeconds.ShouldBeInRange(before.ShouldNotBeNull() - 0.01, RealCgroup.CpuSeconds()!.Value + 0.01);
        else container.IsOutside.ShouldBeTrue();
        if (sample?.MemoryBytes is { } memory) memory.ShouldBeInRange(1, new LinuxMachine(files).Read().MemoryTotalBytes!.Value);
    }

    [Fact]
    public void A_core_kept_busy_reads_as_one_core()
    {
        using var files = OperatingSystem.IsLinux() ? new LinuxFiles() : null;
        var source = new ProcessSource(files);
        var before = source.Read();
        var used = Environment.CpuUsage.TotalTime;

        var spent = 0L;
        while (Environment.CpuUsage.TotalTime - used < TimeSpan.FromMilliseconds(200)) spent++;
        // The time that passed is that of one busy core, whatever else the machine does meanwhile.
        var rated = Rates.Of(before, source.Read(), (Environment.CpuUsage.TotalTime - used).TotalSeconds, 1);

        spent.ShouldBeGreaterThan(0);
        rated.CpuCores.ShouldNotBeNull().ShouldBe(1, 0.1);
    }
}

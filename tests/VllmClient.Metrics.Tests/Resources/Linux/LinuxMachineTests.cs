using System.Globalization;
using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class LinuxMachineTests
{
    const string Stat = """
        cpu  100 10 50 800 20 5 5 10 30 0
        cpu0 50 5 25 400 10 3 2 5 15 0
        cpu1 50 5 25 400 10 2 3 5 15 0
        intr 12345 0 0
        ctxt 99
        """;

    const string Network = """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo: 1000 1 0 0 0 0 0 0 1000 1 0 0 0 0 0 0
          eth0: 500 1 0 0 0 0 0 0 700 1 0 0 0 0 0 0
        veth12: 5 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0
          eth1:20 1 0 0 0 0 0 0 30 1 0 0 0 0 0 0
        """;

    static LinuxTree Tree() => new LinuxTree()
        .With("/proc/stat", Stat)
        .With("/proc/meminfo", "MemTotal:        2048 kB\nMemFree:          100 kB\nMemAvailable:     512 kB\n")
        .With("/proc/loadavg", "0.25 0.18 0.12 3/80 11206\n")
        .With("/proc/pressure/cpu", "some avg10=1.00 avg60=2.00 avg300=3.00 total=2500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n")
        .With("/proc/net/dev", Network);

    [Fact]
    public void A_machine_is_read_from_its_files()
    {
        using var tree = Tree();
        using var files = new LinuxFiles(tree.Root);

        var machine = new LinuxMachine(files).Read();

        machine.LogicalCpus.ShouldBe(2);
        machine.CpuTotalTime.ShouldBe(TimeSpan.FromSeconds(10));
        machine.CpuBusyTime.ShouldBe(TimeSpan.FromMilliseconds(1800));
        machine.CpuStealTime.ShouldBe(TimeSpan.FromMilliseconds(100));
        (machine.MemoryTotalBytes, machine.MemoryAvailableBytes, machine.MemoryUsedBytes).ShouldBe((2048 * 1024, 512 * 1024, 1536 * 1024));
        (machine.Load1, machine.RunnableThreads).ShouldBe((0.25, 3));
        machine.CpuPressureTime.ShouldBe(TimeSpan.FromSeconds(2.5));
        machine.MemoryPressureTime.ShouldBeNull();
        machine.IoPressureTime.ShouldBeNull();
        (machine.NetworkReceivedBytes, machine.NetworkSentBytes).ShouldBe((520, 730));
    }

    [Fact]
    public void Rates_come_from_two_readings_and_a_field_that_falls_counts_as_none()
    {
        using var tree = Tree();
        using var files = new LinuxFiles(tree.Root);
        var source = new LinuxMachine(files);
        var before = source.Read();
        // User grows by 60, idle by 30, iowait falls by 10, steal grows by 10.
        tree.With("/proc/stat", "cpu  160 10 50 830 10 5 5 20 30 0\ncpu0 1 1 1 1\ncpu1 1 1 1 1\n");

        var after = Rates.Of(before, source.Read(), 2);

        (after.CpuTotalTime - before.CpuTotalTime).ShouldBe(TimeSpan.FromSeconds(1));
        after.CpuUtilization.ShouldNotBeNull().ShouldBe(0.7, 1e-9);
        after.StealShare.ShouldNotBeNull().ShouldBe(0.1, 1e-9);
        after.CpuPressureShare.ShouldBe(0);
        after.MemoryPressureShare.ShouldBeNull();
    }

    [Fact]
    public void A_file_may_be_larger_than_the_buffer()
    {
        using var tree = Tree().With("/proc/stat", "cpu  256 0 0 0 0 0 0 0 0 0\n" + string.Concat(Enumerable.Range(0, 256).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"cpu{i} 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 0\n"))));
        using var files = new LinuxFiles(tree.Root);

        new LinuxMachine(files).Read().LogicalCpus.ShouldBe(256);
    }

    [Fact]
    public void A_machine_without_files_gives_nothing_rather_than_zeros()
    {
        using var tree = new LinuxTree();
        using var files = new LinuxFiles(tree.Root);

        new LinuxMachine(files).Read().ShouldBe(new MachineSample());
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu")]
    [InlineData("cpu  1 2\ncpu0 1 2")]
    [InlineData("cpu  x y z w\ncpu0 1 2 3 4")]
    public void A_stat_file_that_is_none_gives_no_times(string stat)
    {
        using var tree = new LinuxTree().With("/proc/stat", stat);
        using var files = new LinuxFiles(tree.Root);

        new LinuxMachine(files).Read().CpuTotalTime.ShouldBeNull();
    }

    [Fact]
    public void The_resident_pages_are_the_second_field() => ProcessSource.Resident("100 42 7 1 0 5 0\n"u8).ShouldBe(42);
}

using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class RatesTests
{
    static readonly PartOrigin Origin = new("node_exporter", 77);

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    [Theory]
    [InlineData(10, 30, 4, 5)]
    [InlineData(10, 10, 4, 0)]
    [InlineData(10, 12, 0.5, 4)]
    [InlineData(30, 10, 4, null)]
    [InlineData(10, 30, 0, null)]
    [InlineData(10, 30, -4, null)]
    [InlineData(null, 30, 4, null)]
    [InlineData(10, null, 4, null)]
    public void A_counter_grows_by_so_much_a_second(int? before, int? after, double seconds, int? perSecond) =>
        Rates.PerSecond(before, after, seconds).ShouldBe(perSecond);

    [Theory]
    [InlineData(2, 5, 10, 20, 0.3)]
    [InlineData(2, 2, 10, 20, 0.0)]
    [InlineData(2, 3, 10, 11, 1.0)]
    [InlineData(2, 24, 10, 20, 1.0)]
    [InlineData(5, 2, 10, 20, null)]
    [InlineData(2, 2, 10, 10, null)]
    [InlineData(2, 5, 20, 10, null)]
    [InlineData(null, 5, 10, 20, null)]
    [InlineData(2, 5, null, 20, null)]
    public void A_part_grows_by_so_much_of_the_whole(int? partBefore, int? part, int? wholeBefore, int? whole, double? share) =>
        Rates.Share(partBefore, part, wholeBefore, whole).ShouldBe(share);

    [Fact]
    public void A_process_has_rates_of_two_readings()
    {
        var before = new ProcessSample { CpuTime = Seconds(10), AllocatedBytes = 1000, GcPauseTime = Seconds(1) };
        var now = new ProcessSample { CpuTime = Seconds(16), AllocatedBytes = 1400, GcPauseTime = Seconds(1.5), WorkingSetBytes = 9 };

        Rates.Of(before, now, 2, processors: 4, Origin).ShouldBe(now with
        {
            Source = "node_exporter",
            Timestamp = 77,
            CpuCores = 3,
            CpuUtilization = 0.75,
            AllocatedBytesPerSecond = 200,
            GcPauseShare = 0.25,
        });
    }

    [Fact]
    public void A_machine_has_rates_of_two_readings()
    {
        var before = new MachineSample
        {
            CpuTotalTime = Seconds(100),
            CpuBusyTime = Seconds(40),
            CpuStealTime = Seconds(3),
            CpuPressureTime = Seconds(1),
            MemoryPressureTime = Seconds(2),
            IoPressureTime = Seconds(3),
            NetworkReceivedBytes = 1000,
            NetworkSentBytes = 500,
            BootSeconds = 1_700_000_000,
        };
        var now = new MachineSample
        {
            CpuTotalTime = Seconds(120),
            CpuBusyTime = Seconds(55),
            CpuStealTime = Seconds(5),
            CpuPressureTime = Seconds(1.2),
            MemoryPressureTime = Seconds(2.4),
            IoPressureTime = Seconds(4),
            NetworkReceivedBytes = 1300,
            NetworkSentBytes = 600,
            BootSeconds = 1_700_000_000.5,
            Load1 = 7,
        };

        var rated = Rates.Of(before, now, 2, Origin);

        // 15 of 20 busy, 2 of 20 stolen; the others over 2 seconds.
        rated.ShouldBe(now with
        {
            Source = "node_exporter",
            Timestamp = 77,
            CpuUtilization = 0.75,
            StealShare = 0.1,
            CpuPressureShare = rated.CpuPressureShare,
            MemoryPressureShare = rated.MemoryPressureShare,
            IoPressureShare = 0.5,
            NetworkReceivedBytesPerSecond = 150,
            NetworkSentBytesPerSecond = 50,
        });
        rated.CpuPressureShare.ShouldNotBeNull().ShouldBe(0.1, 1e-12);
        rated.MemoryPressureShare.ShouldNotBeNull().ShouldBe(0.2, 1e-12);
    }

    [Fact]
    public void A_machine_that_booted_in_between_has_no_rates()
    {
        var before = new MachineSample { NetworkReceivedBytes = 1000, BootSeconds = 1_700_000_000 };
        var now = new MachineSample { NetworkReceivedBytes = 1300, BootSeconds = 1_700_000_000.6 };

        Rates.Of(before, now, 2, Origin).ShouldBe(now with { Source = "node_exporter", Timestamp = 77 });

        var earlier = new MachineSample { NetworkReceivedBytes = 1600, BootSeconds = 1_699_999_990 };

        Rates.Of(now, earlier, 2, Origin).ShouldBe(earlier with { Source = "node_exporter", Timestamp = 77 });
    }

    [Fact]
    public void A_container_has_rates_of_two_readings()
    {
        var before = new ContainerSample { CpuTime = Seconds(10), CpuPeriods = 100, ThrottledPeriods = 10 };
        var now = new ContainerSample { CpuTime = Seconds(13), CpuPeriods = 120, ThrottledPeriods = 15, MemoryBytes = 9 };

        Rates.Of(before, now, 2, Origin).ShouldBe(now with { Source = "node_exporter", Timestamp = 77, CpuCores = 1.5, ThrottledShare = 0.25 });
    }

    [Fact]
    public void A_server_has_rates_of_two_readings()
    {
        var before = new ServerSample { PromptTokens = 100, GenerationTokens = 50, PrefixCacheHits = 10, PrefixCacheQueries = 40, ApiProcess = new() { CpuTime = Seconds(5) }, Restarts = 3 };
        var now = new ServerSample { PromptTokens = 160, GenerationTokens = 90, PrefixCacheHits = 25, PrefixCacheQueries = 60, ApiProcess = new() { CpuTime = Seconds(6) } };

        Rates.Of(before, now, 2).ShouldBe(now with
        {
            Restarts = 3,
            PromptTokensPerSecond = 30,
            GenerationTokensPerSecond = 20,
            PrefixCacheHitShare = 0.75,
            ApiProcess = now.ApiProcess with { CpuCores = 0.5 },
        });
    }

    [Fact]
    public void A_server_that_does_not_tell_of_its_process_has_none() =>
        Rates.Of(new ServerSample { ApiProcess = new() { CpuTime = Seconds(5) } }, new ServerSample(), 2).ApiProcess.ShouldBeNull();

    [Fact]
    public void A_first_reading_has_no_rates()
    {
        var process = new ProcessSample { CpuTime = Seconds(10) };
        var machine = new MachineSample { NetworkReceivedBytes = 1000 };
        var container = new ContainerSample { CpuTime = Seconds(10), CpuPeriods = 9, ThrottledPeriods = 3 };
        var server = new ServerSample { PromptTokens = 100 };

        Rates.Of(null, process, 2, 4, Origin).ShouldBe(process with { Source = "node_exporter", Timestamp = 77 });
        Rates.Of(null, machine, 2, Origin).ShouldBe(machine with { Source = "node_exporter", Timestamp = 77 });
        Rates.Of(null, container, 2, Origin).ShouldBe(container with { Source = "node_exporter", Timestamp = 77 });
        Rates.Of(null, server, 2).ShouldBe(server);
    }

    [Fact]
    public void A_part_that_names_its_source_keeps_it()
    {
        var process = new ProcessSample { Source = "process" };
        var machine = new MachineSample { Source = "machine" };
        var container = new ContainerSample { Source = "cgroup" };
        var unnamed = new PartOrigin(null, 5);

        Rates.Of(null, process, 2, 4, unnamed).Source.ShouldBe("process");
        Rates.Of(process, process, 2, 4, unnamed).Source.ShouldBe("process");
        Rates.Of(null, machine, 2, unnamed).Source.ShouldBe("machine");
        Rates.Of(machine, machine, 2, unnamed).Source.ShouldBe("machine");
        Rates.Of(container, container, 2, unnamed).Source.ShouldBe("cgroup");
    }

    public static TheoryData<string, ServerSample> BegunAnew => new()
    {
        { "its process started later", Before with { ApiProcess = new() { StartSeconds = 1000.6 } } },
        { "its process started earlier", Before with { ApiProcess = new() { StartSeconds = 999.4 } } },
        { "its counters were made later", Before with { CreatedSeconds = 2000.6 } },
        { "fewer prompt tokens", Before with { PromptTokens = 99 } },
        { "fewer generated tokens", Before with { GenerationTokens = 49 } },
        { "fewer preemptions", Before with { Preemptions = 4 } },
        { "fewer first tokens", Before with { TimeToFirstToken = new() { Count = 9 } } },
        { "fewer requests", Before with { EndToEnd = new() { Count = 8 } } },
    };

    static ServerSample Before => new()
    {
        ApiProcess = new() { StartSeconds = 1000 },
        CreatedSeconds = 2000,
        PromptTokens = 100,
        GenerationTokens = 50,
        Preemptions = 5,
        TimeToFirstToken = new() { Count = 10 },
        EndToEnd = new() { Count = 9 },
        Restarts = 2,
    };

    [Theory]
    [MemberData(nameof(BegunAnew))]
    public void A_server_began_anew_where_anything_says_so(string what, ServerSample now)
    {
        Rates.Of(Before, now, 2).ShouldBe(now with { Restarts = 3 }, what);
    }

    [Fact]
    public void A_server_that_stood_still_or_tells_nothing_did_not_begin_anew()
    {
        Rates.IsRestart(Before, Before).ShouldBeFalse();
        Rates.IsRestart(Before, Before with { ApiProcess = new() { StartSeconds = 1000.5 }, CreatedSeconds = 1999.5 }).ShouldBeFalse();
        Rates.IsRestart(Before, new()).ShouldBeFalse();
        Rates.IsRestart(new(), Before).ShouldBeFalse();
    }
}

using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class FigureTableTests
{
    // Two readings ten seconds apart. Gauges stay; counters start at nothing.
    static readonly TargetSample Last = new()
    {
        Name = "one",
        Process = new()
        {
            Timestamp = 10,
            CpuTime = TimeSpan.FromSeconds(20),
            CpuCores = 1,
            CpuUtilization = 0.3,
            WorkingSetBytes = 101,
            GcHeapBytes = 102,
            AllocatedBytes = 500,
            AllocatedBytesPerSecond = 103,
            GcPauseTime = TimeSpan.FromSeconds(1),
            GcPauseShare = 0.04,
            GcCollections = new(31, 32, 3),
            ThreadPoolThreads = 7,
            ThreadPoolQueueLength = 8,
            LockContentions = 4,
        },
        Machine = new()
        {
            Timestamp = 10,
            LogicalCpus = 16,
            CpuTotalTime = TimeSpan.FromSeconds(40),
            CpuBusyTime = TimeSpan.FromSeconds(30),
            CpuStealTime = TimeSpan.FromSeconds(4),
            CpuUtilization = 0.5,
            StealShare = 0.06,
            MemoryTotalBytes = 1000,
            MemoryAvailableBytes = 400,
            Load1 = 9,
            RunnableThreads = 10,
            CpuPressureTime = TimeSpan.FromSeconds(1.5),
            MemoryPressureTime = TimeSpan.FromSeconds(2.5),
            IoPressureTime = TimeSpan.FromSeconds(3.5),
            CpuPressureShare = 0.11,
            MemoryPressureShare = 0.12,
            IoPressureShare = 0.13,
            NetworkReceivedBytes = 300,
            NetworkSentBytes = 200,
            NetworkReceivedBytesPerSecond = 14,
            NetworkSentBytesPerSecond = 15,
        },
        Container = new()
        {
            Timestamp = 10,
            CpuTime = TimeSpan.FromSeconds(15),
            CpuCores = 16,
            CpuLimitCores = 17,
            CpuPeriods = 20,
            ThrottledPeriods = 5,
            ThrottledShare = 0.18,
            ThrottledTime = TimeSpan.FromSeconds(6),
            MemoryBytes = 19,
            MemoryLimitBytes = 29,
        },
        Server = new()
        {
            Timestamp = 10,
            Running = 21,
            Waiting = 22,
            KvCacheUtilization = 0.23,
            PromptTokens = 400,
            PromptTokensPerSecond = 24,
            GenerationTokens = 600,
            GenerationTokensPerSecond = 25,
            CachedPromptTokens = 70,
            Preemptions = 8,
            Rejected = 9,
            PrefixCacheHits = 30,
            PrefixCacheQueries = 40,
            PrefixCacheHitShare = 0.26,
            ApiProcess = new() { CpuTime = TimeSpan.FromSeconds(5), CpuCores = 27, WorkingSetBytes = 28 },
            TimeToFirstToken = Histogram(1),
            InterTokenLatency = Histogram(2),
            TimePerOutputToken = Histogram(3),
            EndToEnd = Histogram(4),
            Queue = Histogram(5),
            Prefill = Histogram(6),
            Decode = Histogram(7),
        },
        Gpus = [new() { Id = "GPU-a", Name = "Card", Timestamp = 10, Utilization = 0.41, MemoryUsedBytes = 42, MemoryTotalBytes = 43, PowerWatts = 44, TemperatureCelsius = 45 }],
    };

    static readonly TargetSummary Summary = Summarize();

    static ServerHistogram Histogram(int count) => new() { Count = count, Sum = count };

    static TargetSummary Summarize()
    {
        var zero = TimeSpan.Zero;
        var none = Histogram(0);
        var first = Last with
        {
            Process = Last.Process! with { Timestamp = 0, CpuTime = zero, AllocatedBytes = 0, GcPauseTime = zero, GcCollections = new(0, 0, 0), LockContentions = 0 },
            Machine = Last.Machine! with
            {
                Timestamp = 0,
                CpuTotalTime = zero,
                CpuBusyTime = zero,
                CpuStealTime = zero,
                CpuPressureTime = zero,
                MemoryPressureTime = zero,
                IoPressureTime = zero,
                NetworkReceivedBytes = 0,
                NetworkSentBytes = 0,
            },
            Container = Last.Container! with { Timestamp = 0, CpuTime = zero, CpuPeriods = 0, ThrottledPeriods = 0, ThrottledTime = zero },
            Server = Last.Server! with
            {
                Timestamp = 0,
                PromptTokens = 0,
                GenerationTokens = 0,
                CachedPromptTokens = 0,
                Preemptions = 0,
                Rejected = 0,
                PrefixCacheHits = 0,
                PrefixCacheQueries = 0,
                ApiProcess = Last.Server.ApiProcess! with { CpuTime = zero },
                TimeToFirstToken = none,
                InterTokenLatency = none,
                TimePerOutputToken = none,
                EndToEnd = none,
                Queue = none,
                Prefill = none,
                Decode = none,
            },
            Gpus = [Last.Gpus![0] with { Timestamp = 0 }],
        };
        return RecordedLine.Of([(0, first), (10, Last)], interval: 10).Summarize(0, 10).Targets.Single();
    }

    [Fact]
    public void Every_figure_is_that_of_its_own_member()
    {
        // Key, reading, and mean: growth over ten seconds or over the whole's growth, or the reading itself.
        (string Key, double Reading, double Mean)[] expected =
        [
            ("process.cpuCores", 1, 2),
            ("process.cpuShare", 0.3, 2.0 / Environment.ProcessorCount),
            ("process.workingSetBytes", 101, 101),
            ("process.gcHeapBytes", 102, 102),
            ("process.allocatedBytesPerSecond", 103, 50),
            ("process.gcPauseShare", 0.04, 0.1),
            ("process.threadPoolThreads", 7, 7),
            ("process.threadPoolQueueLength", 8, 8),
            ("machine.logicalCpus", 16, 16),
            ("machine.cpuShare", 0.5, 0.75),
            ("machine.stealShare", 0.06, 0.1),
            ("machine.memoryUsedBytes", 600, 600),
            ("machine.memoryTotalBytes", 1000, 1000),
            ("machine.load1", 9, 9),
            ("machine.runnableThreads", 10, 10),
            ("machine.cpuPressureShare", 0.11, 0.15),
            ("machine.memoryPressureShare", 0.12, 0.25),
            ("machine.ioPressureShare", 0.13, 0.35),
            ("machine.networkReceivedBytesPerSecond", 14, 30),
            ("machine.networkSentBytesPerSecond", 15, 20),
            ("container.cpuCores", 16, 1.5),
            ("container.cpuLimitCores", 17, 17),
            ("container.throttledShare", 0.18, 0.25),
            ("container.memoryBytes", 19, 19),
            ("container.memoryLimitBytes", 29, 29),
            ("server.running", 21, 21),
            ("server.waiting", 22, 22),
            ("server.kvCacheShare", 0.23, 0.23),
            ("server.promptTokensPerSecond", 24, 40),
            ("server.generationTokensPerSecond", 25, 60),
            ("server.prefixCacheHitShare", 0.26, 0.75),
            ("server.apiProcessCpuCores", 27, 0.5),
            ("server.apiProcessWorkingSetBytes", 28, 28),
        ];

        Summary.Figures.Keys.ShouldBe(expected.Select(one => one.Key));
        foreach (var (key, reading, mean) in expected)
        {
            var figure = Summary.Figures[key];
            (figure.Min, figure.Max, figure.Last, figure.Samples).ShouldBe((reading, reading, reading, 2), key);
            figure.Mean.ShouldBe(mean, 1e-12, key);
        }
    }

    [Fact]
    public void Every_total_is_that_of_its_own_counter() =>
        Summary.Totals.Select(total => (total.Key, total.Value.Value)).ShouldBe(
        [
            ("process.cpuSeconds", 20),
            ("process.allocatedBytes", 500),
            ("process.gcPauseSeconds", 1),
            ("process.gcCollections2", 3),
            ("process.lockContentions", 4),
            ("machine.networkReceivedBytes", 300),
            ("machine.networkSentBytes", 200),
            ("container.cpuSeconds", 15),
            ("container.throttledSeconds", 6),
            ("server.promptTokens", 400),
            ("server.generationTokens", 600),
            ("server.cachedPromptTokens", 70),
            ("server.preemptions", 8),
            ("server.rejected", 9),
        ]);

    [Fact]
    public void Every_figure_of_a_gpu_is_that_of_its_own_member()
    {
        var gpu = Summary.Gpus.Single();

        (gpu.Id, gpu.Name).ShouldBe(("GPU-a", "Card"));
        gpu.Figures.Select(figure => (figure.Key, figure.Value.Last)).ShouldBe(
            [("gpu.utilizationShare", 0.41), ("gpu.memoryUsedBytes", 42), ("gpu.memoryTotalBytes", 43), ("gpu.powerWatts", 44), ("gpu.temperatureCelsius", 45)]);
    }

    [Fact]
    public void Every_latency_is_that_of_its_own_histogram() =>
        Summary.Latencies.Select(latency => (latency.Key, latency.Value.Count)).ShouldBe(
            [("timeToFirstToken", 1), ("interTokenLatency", 2), ("timePerOutputToken", 3), ("endToEnd", 4), ("queue", 5), ("prefill", 6), ("decode", 7)]);
}

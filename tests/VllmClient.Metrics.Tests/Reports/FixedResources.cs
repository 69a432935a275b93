using Vllm.Resources;

namespace Vllm.Tests.Reports;

/// <summary>Resources of the reports made by hand.</summary>
static class FixedResources
{
    public static ResourceSummary Classic() => new()
    {
        WindowSeconds = 14.2189,
        Targets =
        [
            new()
            {
                Name = "app",
                Sources = new Dictionary<string, string> { ["process"] = "process", ["container"] = "container" },
                Figures = new Dictionary<string, ResourceFigure>
                {
                    ["process.cpuShare"] = new(0.01, 0.06, 0.09, 0.05, 14),
                    ["process.workingSetBytes"] = new(51e6, 55e6, 58.4e6, 58e6, 14),
                    ["container.cpuCores"] = new(0.1, 0.126, 0.2, 0.1, 14),
                    ["container.cpuLimitCores"] = new(1.5, 1.5, 1.5, 1.5, 14),
                    ["container.memoryBytes"] = new(200e6, 249e6, 260e6, 260e6, 14),
                    ["container.memoryLimitBytes"] = new(512e6, 512e6, 512e6, 512e6, 14),
                    ["container.throttledShare"] = new(0, 0.031, 0.1, 0, 14),
                },
                Totals = new Dictionary<string, ResourceTotal> { ["process.gcPauseSeconds"] = new(0.011, false) },
                Latencies = new Dictionary<string, ServerLatency>(),
                Gpus = [],
            },
            new()
            {
                Name = "gpu-1",
                Sources = new Dictionary<string, string> { ["server"] = "vllm", ["gpu"] = "gpu_exporter" },
                Figures = new Dictionary<string, ResourceFigure>
                {
                    ["server.running"] = new(0, 17.62, 20, 3, 14),
                    ["server.waiting"] = new(0, 0.04, 2, 0, 14),
                    ["server.kvCacheShare"] = new(0, 0.041, 0.0523, 0.01, 14) { IsBroken = true },
                    ["server.prefixCacheHitShare"] = new(0.9, 0.9625, 1, 1, 13),
                },
                Totals = new Dictionary<string, ResourceTotal> { ["server.generationTokens"] = new(26_232, false), ["server.preemptions"] = new(3, true) },
                Latencies = new Dictionary<string, ServerLatency> { ["timeToFirstToken"] = new(200, 0.0412, new(0.0402, 0.04, 0.06, 200), new(null, 0.06, null, 200), null, false) },
                Gpus = [Gpu("GPU-a", 0.93, 512)],
                Energy = new() { Joules = 7281, Method = EnergyMethod.Counter, WindowSeconds = 14.2189, CoveredShare = 1, JoulesPerOutputToken = 0.2776, TokensPerJoule = 3.603, TokensFrom = TokenCountSource.Server },
                Cost = new(0.4502m, "USD"),
                Restarts = 1,
            },
        ],
        Missing = [new("app", "gpus", "no NVML library"), new("gpu-1", "machine", "no node exporter URL")],
        Gaps = [new("gpu-1", "gpu_exporter", ResourceSourceState.Failing, "GET gpu-1:9400/metrics: status 500", 3.5, 6.5)],
    };

    public static IReadOnlyList<ResourceTrack> Tracks() =>
    [
        new()
        {
            Target = "gpu-1",
            Part = "server",
            Source = "vllm",
            AtSeconds = [0, 1.0000001, 3.5],
            Values = new Dictionary<string, IReadOnlyList<double?>> { ["server.running"] = [17, null, 1e300], ["server.kvCacheShare"] = [0.1, 5e-324, -0.25] },
        },
        new() { Target = "gpu-1", Part = "gpu", Gpu = "GPU-a", Source = "gpu_exporter", AtSeconds = [], Values = new Dictionary<string, IReadOnlyList<double?>>() },
    ];

    /// <summary>Eight GPUs by power, a client that counted, names that would break the lines, and more gaps than are shown.</summary>
    public static ResourceSummary Hostile() => new()
    {
        WindowSeconds = 250,
        Targets =
        [
            new()
            {
                Name = "很长的服务器名字\u001b[31m",
                Sources = new Dictionary<string, string> { ["gpu"] = "nvml+gpu-1.example.internal:9400/metrics/very/long", ["machine"] = "node_exporter" },
                Figures = new Dictionary<string, ResourceFigure>
                {
                    ["machine.cpuShare"] = new(0, 0.5, 1, 0.5, 250),
                    ["machine.logicalCpus"] = new(128, 128, 128, 128, 250),
                    ["machine.memoryUsedBytes"] = new(0, 1.2e12, 2e12, 1e12, 250),
                    ["machine.memoryTotalBytes"] = new(2e12, 2e12, 2e12, 2e12, 250),
                },
                Totals = new Dictionary<string, ResourceTotal>(),
                Latencies = new Dictionary<string, ServerLatency>(),
                Gpus = [.. Enumerable.Range(0, 8).Select(i => Gpu($"GPU-{i}", i / 8.0, 500 + i))],
                Energy = new() { Joules = 1_007_000, Method = EnergyMethod.Integrated, WindowSeconds = 250, CoveredShare = 0.97, JoulesPerOutputToken = 2.25, TokensPerJoule = 0.4444, TokensFrom = TokenCountSource.Client },
            },
            new()
            {
                Name = "short",
                Sources = new Dictionary<string, string> { ["gpu"] = "nvml" },
                Figures = new Dictionary<string, ResourceFigure>(),
                Totals = new Dictionary<string, ResourceTotal>(),
                Latencies = new Dictionary<string, ServerLatency>(),
                Gpus = [new("GPU-x", null, new Dictionary<string, ResourceFigure>())],
                Energy = new() { WindowSeconds = 250, CoveredShare = 0.5, Reason = "readings cover only 50 % of the window" },
            },
        ],
        Missing = [new("short", "server", "GET x:8000/metrics: ConnectionError\n\u202e")],
        Gaps = [.. Enumerable.Range(0, 7).Select(i => new ResourceGap("short", "nvml", ResourceSourceState.Absent, "the GPU is lost", i * 10, (i * 10) + 4))],
    };

    public static ResourceSummary Nothing() => new() { WindowSeconds = 1, Targets = [], Missing = [new("server", "server", "no answer within 2 s")], Gaps = [] };

    static GpuSummary Gpu(string id, double busy, double watts) => new(id, "NVIDIA H100", new Dictionary<string, ResourceFigure>
    {
        ["gpu.utilizationShare"] = new(0, busy, 1, busy, 14),
        ["gpu.memoryUsedBytes"] = new(71e9, 71.2e9, 72e9, 71e9, 14),
        ["gpu.memoryTotalBytes"] = new(80e9, 80e9, 80e9, 80e9, 14),
        ["gpu.powerWatts"] = new(70, watts, 700, 100, 14),
    });
}

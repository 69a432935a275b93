using System.Globalization;
using Vllm.Resources;

namespace Vllm.Tests.EndToEnd;

/// <summary>A core kept busy by a thread of its own, seen by the probe, by the kernel's files and by a real node exporter. What is read in between is compared with what is read before and after.</summary>
[Collection(nameof(Prometheus.Alone))]
public sealed class KnownLoadTests
{
    // The kernel counts in steps of 10 ms, and so do those who read it.
    const double Step = 0.01;
    const double Busy = 2;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Keeps one core busy until this process has used that much processor time.</summary>
    static Thread BusyThread(double seconds)
    {
        var until = Environment.CpuUsage.TotalTime + TimeSpan.FromSeconds(seconds);
        var thread = new Thread(() =>
        {
            while (Environment.CpuUsage.TotalTime < until) Thread.SpinWait(10_000);
        });
        thread.Start();
        return thread;
    }

    static double ProcessSeconds()
    {
        // The name in parentheses may hold anything; user and system time are the 12th and 13th field behind it.
        var text = File.ReadAllText("/proc/self/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) * Step;
    }

    static (double Busy, double Total) MachineSeconds()
    {
        var fields = File.ReadAllText("/proc/stat").Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Number).ToList();
        return ((fields.Sum() - fields[3] - fields[4]) * Step, fields.Sum() * Step);
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    static async Task<T> BusyUntilAsync<T>(Thread thread, Func<Task<T>> then)
    {
        while (thread.IsAlive) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        return await then();
    }

    [Fact]
    public async Task The_time_of_a_busy_core_is_that_of_the_kernel()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc.");
        await using var probe = new ResourceProbe(new() { Instruments = false, LocalGpus = LocalGpuSource.Off });

        var (kernelBefore, runtimeBefore, clockBefore) = (ProcessSeconds(), Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        var first = (await probe.SampleAsync(Token))["app"]!.Process!;
        var (kernelAfterFirst, runtimeAfterFirst, clockAfterFirst) = (ProcessSeconds(), Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        var (kernelBeforeLast, runtimeBeforeLast, clockBeforeLast) = await BusyUntilAsync(BusyThread(Busy), () => Task.FromResult((ProcessSeconds(), Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp())));
        var last = (await probe.SampleAsync(Token))["app"]!.Process!;
        var (kernelAfter, runtimeAfter, clockAfter) = (ProcessSeconds(), Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());

        var used = (last.CpuTime!.Value - first.CpuTime!.Value).TotalSeconds;
        used.ShouldBeGreaterThanOrEqualTo(Busy - Step);
        used.ShouldBeInRange((runtimeBeforeLast - runtimeAfterFirst).TotalSeconds, (runtimeAfter - runtimeBefore).TotalSeconds);
        // Two counters of the kernel, each with user and system time rounded down.
        used.ShouldBeInRange(kernelBeforeLast - kernelAfterFirst - (4 * Step), kernelAfter - kernelBefore + (4 * Step));
        var (shortest, longest) = (TimeProvider.System.GetElapsedTime(clockAfterFirst, clockBeforeLast), TimeProvider.System.GetElapsedTime(clockBefore, clockAfter));
        var cores = last.CpuCores.ShouldNotBeNull();
        TestContext.Current.TestOutputHelper?.WriteLine($"The probe says {cores:0.000} cores; the kernel {kernelAfter - kernelBefore:0.00} s in {longest.TotalSeconds:0.000} s.");
        cores.ShouldBeInRange((runtimeBeforeLast - runtimeAfterFirst) / longest, (runtimeAfter - runtimeBefore) / shortest);
        (last.CpuUtilization * Environment.ProcessorCount).ShouldNotBeNull().ShouldBe(cores, 0.001);
    }

    [Fact]
    public async Task The_machines_time_is_that_of_the_kernel_and_of_a_real_exporter()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The exporter is Debian's.");
        using var exporter = await RealProgram.StartAsync("prometheus-node-exporter", port => [$"--web.listen-address=127.0.0.1:{port}"]);
        var options = new ResourceProbeOptions { Instruments = false, LocalGpus = LocalGpuSource.Off };
        options.Servers.Add(new("host") { NodeExporter = exporter.Metrics });
        await using var probe = new ResourceProbe(options);

        var before = MachineSeconds();
        var first = await probe.SampleAsync(Token);
        var afterFirst = MachineSeconds();
        var beforeLast = await BusyUntilAsync(BusyThread(Busy), () => Task.FromResult(MachineSeconds()));
        var last = await probe.SampleAsync(Token);
        var after = MachineSeconds();

        foreach (var target in new[] { "app", "host" })
        {
            var (from, to) = (first[target]!.Machine!, last[target]!.Machine!);
            var (busy, total) = ((to.CpuBusyTime - from.CpuBusyTime)!.Value.TotalSeconds, (to.CpuTotalTime - from.CpuTotalTime)!.Value.TotalSeconds);
            TestContext.Current.TestOutputHelper?.WriteLine($"{target}: {busy:0.00} of {total:0.00} s busy; the kernel {after.Busy - before.Busy:0.00} of {after.Total - before.Total:0.00} s.");
            // The exporter shows each state of each processor, rounded on its own; idle time is counted a step late on a processor at rest.
            var error = target == "app" ? 16 * Step : 16 * Step * Environment.ProcessorCount;
            busy.ShouldBeGreaterThanOrEqualTo(Busy - error);
            busy.ShouldBeInRange(beforeLast.Busy - afterFirst.Busy - error, after.Busy - before.Busy + error);
            total.ShouldBeInRange(beforeLast.Total - afterFirst.Total - error, after.Total - before.Total + error);
            to.CpuUtilization.ShouldNotBeNull().ShouldBe(busy / total, 0.0001);
        }
    }
}

using System.Globalization;
using Vllm.Simulator;
using Vllm.Simulator.Engine;

namespace Vllm.Tests.Pages;

/// <summary>A step draws 70 W + 630 W (0.6 + 0.4 x), everything else 70 W; a watt for a millisecond is a millijoule.</summary>
public sealed class GpuTests
{
    const long Ms = TimeSpan.TicksPerMillisecond;

    [Fact]
    public void Energy_power_and_use_of_two_steps_are_as_on_paper()
    {
        // 0 to 10 ms without computing: 378 W above idle, 3,780 mJ. 20 to 30 ms of computing alone: 630 W, 6,300 mJ.
        var gpu = new GpuMeter();
        gpu.Step(0, 10 * Ms, 0);
        gpu.Read(5 * Ms).Millijoules.ShouldBe((70 * 5) + 1890, 1e-6);
        gpu.Step(20 * Ms, 30 * Ms, 1);

        Near(gpu.Read(25 * Ms), 0.15, 70 + ((3780 + 3150) / 100.0), (70 * 25) + 3780 + 3150);
        Near(gpu.Read(100 * Ms), 0.2, 70 + ((3780 + 6300) / 100.0), (70 * 100) + 10_080);
        Near(gpu.Read(125 * Ms), 0.05, 70 + (3150 / 100.0), (70 * 125) + 10_080);
        Near(gpu.Read(131 * Ms), 0, 70, (70 * 131) + 10_080);
    }

    [Fact]
    public void Answers_at_fixed_times_draw_as_reading_weights_does_and_never_twice()
    {
        // 10 to 40 ms open; a step from 20 to 25 ms takes its own place in between.
        var gpu = new GpuMeter();
        gpu.Pace(10 * Ms, isOpen: true);
        gpu.Pace(12 * Ms, isOpen: true);
        gpu.Step(20 * Ms, 25 * Ms, 1);
        gpu.Read(30 * Ms).Millijoules.ShouldBe((70 * 30) + (378 * 15) + (630 * 5), 1e-6);
        gpu.Pace(40 * Ms, isOpen: false);

        Near(gpu.Read(110 * Ms), 0.3, 70 + (((378 * 25) + (630 * 5)) / 100.0), (70 * 110) + (378 * 25) + (630 * 5));
    }

    [Fact]
    public void Steps_of_any_shortness_keep_the_window_exact()
    {
        var gpu = new GpuMeter();
        for (var at = 0L; at < 300 * Ms; at += 20)
        {
            gpu.Step(at, at + 10, 0);
        }

        Near(gpu.Read(300 * Ms), 0.5, 70 + (378 * 0.5), (70 + (378 * 0.5)) * 300);
    }

    [Fact]
    public void A_planned_end_that_comes_late_takes_nothing_back()
    {
        var gpu = new GpuMeter();
        gpu.Pace(0, isOpen: true);
        var read = gpu.Read(50 * Ms).Millijoules;
        gpu.Pace(40 * Ms, isOpen: false);

        gpu.Read(51 * Ms).Millijoules.ShouldBe(read);
    }

    [Fact]
    public void A_hundred_idle_seconds_are_7_000_joules_on_a_page_as_the_exporter_writes_it()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(null, time);
        using var client = server.Client();

        var answer = time.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(100), time);
            return await Ask.GetAsync(client, "/dcgm/metrics");
        });

        var labels = answer.Body[answer.Body.IndexOf('{', StringComparison.Ordinal)..(answer.Body.IndexOf('}', StringComparison.Ordinal) + 1)];
        labels.ShouldMatch("""^\{gpu="0",UUID="GPU-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",modelName="NVIDIA H100 80GB HBM3"\}$""");
        answer.Body.Replace(labels, "{}", StringComparison.Ordinal).ShouldBe(
            """
            # HELP DCGM_FI_DEV_GPU_TEMP GPU temperature (in C).
            # TYPE DCGM_FI_DEV_GPU_TEMP gauge
            DCGM_FI_DEV_GPU_TEMP{} 34
            # HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W).
            # TYPE DCGM_FI_DEV_POWER_USAGE gauge
            DCGM_FI_DEV_POWER_USAGE{} 70.000000
            # HELP DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION Total energy consumption since boot (in mJ).
            # TYPE DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter
            DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{} 7000000
            # HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
            # TYPE DCGM_FI_DEV_GPU_UTIL gauge
            DCGM_FI_DEV_GPU_UTIL{} 0
            # HELP DCGM_FI_DEV_FB_FREE Framebuffer memory free (in MiB).
            # TYPE DCGM_FI_DEV_FB_FREE gauge
            DCGM_FI_DEV_FB_FREE{} 9692
            # HELP DCGM_FI_DEV_FB_USED Framebuffer memory used (in MiB).
            # TYPE DCGM_FI_DEV_FB_USED gauge
            DCGM_FI_DEV_FB_USED{} 71316
            # HELP DCGM_FI_DEV_FB_RESERVED Framebuffer memory reserved (in MiB).
            # TYPE DCGM_FI_DEV_FB_RESERVED gauge
            DCGM_FI_DEV_FB_RESERVED{} 551

            """);
    }

    [Fact]
    public void A_request_draws_what_its_steps_do()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(null, time);
        using var client = server.Client();

        var (page, at) = time.Run(async () =>
        {
            await Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(50), time);
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            var now = time.GetElapsedTime(server.Truth.StartTimestamp);
            return ((await Ask.GetAsync(client, "/dcgm/metrics")).Body, now);
        });

        var request = server.Truth.Requests.Single();
        var joules = 70 * at.TotalSeconds;
        var start = request.Scheduled!.Value;
        for (var i = 0; i < request.TokenTimes.Count; i++)
        {
            var compute = Math.Pow(0.0245 * (i == 0 ? request.InputTokens : 1), 2);
            joules += 630 * (0.6 + (0.4 * compute / ((6.5 * 6.5) + compute))) * (request.TokenTimes[i] - start).TotalSeconds;
            start = request.TokenTimes[i];
        }

        Value(page, "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION").ShouldBe(Math.Floor(joules * 1000), 1);
    }

    [Fact]
    public void A_fixed_schedule_keeps_the_gpu_busy_from_receipt_to_the_last_token()
    {
        var time = new VirtualTimeProvider();
        var server = new VllmSimulator(SimulatorOptions.Fixed(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10)), time);
        using var client = server.Client();

        var page = time.Run(async () =>
        {
            await Ask.PostAsync(client, "/v1/chat/completions", Ask.Chat(4), time);
            await Task.Delay(TimeSpan.FromMilliseconds(10), time);
            return (await Ask.GetAsync(client, "/dcgm/metrics")).Body;
        });

        // Tokens at 50 to 80 ms, read at 90.
        Value(page, "DCGM_FI_DEV_GPU_UTIL").ShouldBe(80);
        Value(page, "DCGM_FI_DEV_POWER_USAGE").ShouldBe(70 + (378 * 0.8), 1e-5);
        Value(page, "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION").ShouldBe((70 * 90) + (378 * 80));
    }

    static void Near(in GpuReading reading, double busy, double watts, double millijoules)
    {
        reading.Busy.ShouldBe(busy, 1e-9);
        reading.Watts.ShouldBe(watts, 1e-6);
        reading.Millijoules.ShouldBe(millijoules, 1e-3);
    }

    static double Value(string page, string name) => double.Parse(
        page.Split('\n').Single(line => line.StartsWith(name + "{", StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);
}

using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class AmdGpusTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_drivers_files_are_read_and_any_may_be_missing()
    {
        using var tree = new LinuxTree()
            .With("/sys/class/drm/card1/device/vendor", "0x1002\n")
            .With("/sys/class/drm/card1/device/gpu_busy_percent", "42\n")
            .With("/sys/class/drm/card1/device/mem_info_vram_used", "1000\n")
            .With("/sys/class/drm/card1/device/mem_info_vram_total", "4000\n")
            .With("/sys/class/drm/card1/device/unique_id", "abc123\n")
            .With("/sys/class/drm/card1/device/hwmon/hwmon3/power1_average", "250000000\n")
            .With("/sys/class/drm/card1/device/hwmon/hwmon3/temp1_input", "55000\n")
            .With("/sys/class/drm/card1-HDMI-A-1/status", "connected\n")
            .With("/sys/class/drm/card2/device/vendor", "0x1002\n")
            .With("/sys/class/drm/card2/device/hwmon/hwmon4/power1_input", "90000000\n")
            .With("/sys/class/drm/card0/device/vendor", "0x8086\n");
        using var files = new LinuxFiles(tree.Root);

        var reading = await new AmdGpus(files, []).ReadAsync(Token);

        reading.Gpus.ShouldBe(
        [
            new GpuSample { Id = "abc123", Index = 1, Vendor = "AMD", Utilization = 0.42, MemoryUsedBytes = 1000, MemoryTotalBytes = 4000, PowerWatts = 250, TemperatureCelsius = 55 },
            new GpuSample { Id = "card2", Index = 2, Vendor = "AMD", PowerWatts = 90 },
        ]);
    }

    [Fact]
    public async Task A_machine_without_such_cards_is_absent()
    {
        using var tree = new LinuxTree();
        using var files = new LinuxFiles(tree.Root);

        (await new AmdGpus(files, []).ReadAsync(Token)).AbsentReason.ShouldBe("no AMD GPU");
    }
}

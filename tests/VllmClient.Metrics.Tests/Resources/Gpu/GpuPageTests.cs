using System.Text;
using Microsoft.Extensions.Time.Testing;
using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class GpuPageTests
{
    const string Dcgm = """
        # HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
        # TYPE DCGM_FI_DEV_GPU_UTIL gauge
        DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-a",device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="h"} 93
        DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-b",device="nvidia1",modelName="NVIDIA H100 80GB HBM3",Hostname="h"} 2147483632
        DCGM_FI_DEV_FB_FREE{gpu="0",UUID="GPU-a",modelName="NVIDIA H100 80GB HBM3"} 8000
        DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-a",modelName="NVIDIA H100 80GB HBM3"} 73000
        DCGM_FI_DEV_FB_RESERVED{gpu="0",UUID="GPU-a",modelName="NVIDIA H100 80GB HBM3"} 559
        DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-a",modelName="NVIDIA H100 80GB HBM3"} 512.5
        DCGM_FI_DEV_POWER_USAGE{gpu="1",UUID="GPU-b",modelName="NVIDIA H100 80GB HBM3"} 140737488355328
        DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="0",UUID="GPU-a",modelName="NVIDIA H100 80GB HBM3"} 7281000
        DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="1",UUID="GPU-b",modelName="NVIDIA H100 80GB HBM3"} 9223372036854775792
        DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-a",modelName="NVIDIA H100 80GB HBM3"} 61
        DCGM_FI_DEV_GPU_TEMP{gpu="1",UUID="GPU-b",modelName="NVIDIA H100 80GB HBM3"} 40
        DCGM_FI_DEV_SM_CLOCK{gpu="2",UUID="GPU-c"} 1980
        """;

    static IReadOnlyList<GpuSample> Read(string page)
    {
        var gpus = GpuPage.Read(Encoding.UTF8.GetBytes(page), out var skipped);
        skipped.ShouldBe(0);
        return gpus;
    }

    [Fact]
    public void A_dcgm_page_is_read_and_its_words_for_no_value_are_absent()
    {
        var gpus = Read(Dcgm);

        gpus.ShouldBe(
        [
            new GpuSample
            {
                Id = "GPU-a", Index = 0, Name = "NVIDIA H100 80GB HBM3", Vendor = "NVIDIA", Utilization = 0.93, MemoryUsedBytes = 73000L * 1024 * 1024,
                MemoryTotalBytes = 81559L * 1024 * 1024, PowerWatts = 512.5, EnergyJoules = 7281, TemperatureCelsius = 61, IsMig = false,
            },
            new GpuSample { Id = "GPU-b", Index = 1, Name = "NVIDIA H100 80GB HBM3", Vendor = "NVIDIA", TemperatureCelsius = 40, IsMig = false },
        ]);
    }

    [Fact]
    public void Parts_of_a_partitioned_gpu_are_told_apart()
    {
        var gpus = Read("DCGM_FI_DEV_FB_USED{gpu=\"0\",UUID=\"GPU-a\",GPU_I_ID=\"1\"} 10\nDCGM_FI_DEV_FB_USED{gpu=\"0\",UUID=\"GPU-a\",GPU_I_ID=\"2\"} 20\nDCGM_FI_DEV_GPU_UTIL{gpu=\"0\",UUID=\"GPU-a\",GPU_I_ID=\"2\"} 20\n");

        gpus.Select(gpu => (gpu.Id, gpu.IsMig, gpu.Utilization)).ShouldBe([("GPU-a/1", true, null), ("GPU-a/2", true, null)]);
        new GpuFilter(["GPU-a"]).Of(gpus).Count.ShouldBe(2);
    }

    [Fact]
    public void A_page_of_the_other_exporter_is_read()
    {
        var gpus = Read("""
            nvidia_smi_gpu_info{name="NVIDIA A10",uuid="a",driver_version="1"} 1
            nvidia_smi_utilization_gpu_ratio{uuid="a"} 0.5
            nvidia_smi_memory_used_bytes{uuid="a"} 1000
            nvidia_smi_memory_total_bytes{uuid="a"} 4000
            nvidia_smi_power_draw_watts{uuid="a"} 99.5
            nvidia_smi_energy_joules_total{uuid="a"} 12.5
            """);

        gpus.ShouldBe([new GpuSample { Id = "a", Name = "NVIDIA A10", Vendor = "NVIDIA", Utilization = 0.5, MemoryUsedBytes = 1000, MemoryTotalBytes = 4000, PowerWatts = 99.5, EnergyJoules = 12.5, IsMig = false }]);
    }

    [Fact]
    public void Gpus_are_chosen_by_id_or_number()
    {
        var gpus = Read(Dcgm);

        new GpuFilter(["gpu-B"]).Of(gpus).Single().Id.ShouldBe("GPU-b");
        new GpuFilter(["0"]).Of(gpus).Single().Id.ShouldBe("GPU-a");
        new GpuFilter(["7"]).Of(gpus).ShouldBeEmpty();
    }

    [Fact]
    public void An_exporter_that_renews_every_thirty_seconds_is_noticed_and_forgiven()
    {
        var clock = new FakeTimeProvider();
        var freshness = new Freshness(clock);
        TimeSpan? At(int second, int renewed) => freshness.Take(
            [new GpuSample { Id = "a", EnergyJoules = renewed }], clock.GetTimestamp() + (second * clock.TimestampFrequency), TimeSpan.FromSeconds(5));

        At(0, 1).ShouldBeNull();
        At(15, 1).ShouldBeNull();
        At(20, 1).ShouldBe(TimeSpan.FromSeconds(20));
        At(30, 2).ShouldBe(TimeSpan.FromSeconds(30));
        At(35, 2).ShouldBe(TimeSpan.FromSeconds(30));
        At(60, 3).ShouldBe(TimeSpan.FromSeconds(30));
        At(65, 4).ShouldBeNull();
    }

    [Fact]
    public void A_node_exporters_page_is_read()
    {
        var machine = NodePage.Read(Encoding.UTF8.GetBytes("""
            node_cpu_seconds_total{cpu="0",mode="idle"} 80
            node_cpu_seconds_total{cpu="0",mode="iowait"} 5
            node_cpu_seconds_total{cpu="0",mode="user"} 10
            node_cpu_seconds_total{cpu="0",mode="steal"} 5
            node_cpu_seconds_total{cpu="1",mode="idle"} 100
            node_cpu_guest_seconds_total{cpu="0",mode="user"} 3
            node_memory_MemTotal_bytes 1e+09
            node_memory_MemAvailable_bytes 4e+08
            node_load1 0.5
            node_network_receive_bytes_total{device="lo"} 9
            node_network_receive_bytes_total{device="eth0"} 100
            node_network_transmit_bytes_total{device="eth0"} 200
            node_pressure_cpu_waiting_seconds_total 1.5
            """), out var skipped).ShouldNotBeNull();

        skipped.ShouldBe(0);
        machine.ShouldBe(new MachineSample
        {
            LogicalCpus = 2,
            CpuTotalTime = TimeSpan.FromSeconds(200),
            CpuBusyTime = TimeSpan.FromSeconds(15),
            CpuStealTime = TimeSpan.FromSeconds(5),
            MemoryTotalBytes = 1_000_000_000,
            MemoryAvailableBytes = 400_000_000,
            Load1 = 0.5,
            NetworkReceivedBytes = 100,
            NetworkSentBytes = 200,
            CpuPressureTime = TimeSpan.FromSeconds(1.5),
        });
        NodePage.Read("up 1\n"u8, out _).ShouldBeNull();
    }
}

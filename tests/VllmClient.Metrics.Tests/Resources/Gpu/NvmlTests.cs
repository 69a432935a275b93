using Microsoft.Extensions.Logging.Abstractions;
using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class NvmlTests
{
    static readonly GpuSample First = new()
    {
        Id = "GPU-a",
        Index = 0,
        Name = "NVIDIA Stub",
        Vendor = "NVIDIA",
        Utilization = 0.4,
        MemoryUsedBytes = 3000,
        MemoryTotalBytes = 8000,
        PowerWatts = 123.456,
        EnergyJoules = 5000.5,
        TemperatureCelsius = 65,
        IsMig = false,
    };

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_figure_is_read()
    {
        using var stub = new NvmlStub();

        var gpus = stub.Reader().Read().Gpus.ShouldNotBeNull();

        gpus.ShouldBe([First, First with { Id = "GPU-b", Index = 1, Utilization = 0.41 }]);
    }

    [Fact]
    public void An_old_library_gives_what_it_has()
    {
        using var stub = new NvmlStub(old: true);

        var gpu = stub.Reader().Read().Gpus.ShouldNotBeNull()[0];

        gpu.ShouldBe(First with { MemoryUsedBytes = 3500, EnergyJoules = null });
    }

    [Fact]
    public void The_old_call_serves_where_the_new_one_has_another_version()
    {
        using var stub = new NvmlStub();
        stub.Set(NvmlCall.Memory2, 25);

        stub.Reader().Read().Gpus.ShouldNotBeNull()[0].MemoryUsedBytes.ShouldBe(3500);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(13)]
    public void A_figure_that_is_not_supported_is_absent_for_good(int code)
    {
        using var stub = new NvmlStub();
        stub.Set(NvmlCall.Power, code);
        var reader = stub.Reader();

        reader.Read().Gpus.ShouldNotBeNull()[0].ShouldBe(First with { PowerWatts = null });

        stub.Set(NvmlCall.Power, 0);
        reader.Read().Gpus.ShouldNotBeNull()[0].PowerWatts.ShouldBeNull();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(999999)]
    public void Any_other_code_takes_the_figure_away_for_once(int code)
    {
        using var stub = new NvmlStub();
        stub.Set(NvmlCall.Energy, code);
        var reader = stub.Reader();

        reader.Read().Gpus.ShouldNotBeNull()[0].ShouldBe(First with { EnergyJoules = null });

        stub.Set(NvmlCall.Energy, 0);
        reader.Read().Gpus.ShouldNotBeNull()[0].ShouldBe(First);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(17)]
    [InlineData(18)]
    public void Without_a_driver_the_source_is_absent_and_may_come_later(int code)
    {
        using var stub = new NvmlStub();
        stub.Set(NvmlCall.Init, code);
        var reader = stub.Reader();

        reader.Read().AbsentReason.ShouldBe($"NVML cannot be used (code {code})");

        stub.Set(NvmlCall.Init, 0);
        reader.Read().Gpus.ShouldNotBeNull().Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("Power", 1)]
    [InlineData("Utilization", 15)]
    [InlineData("Handle", 16)]
    public void A_lost_gpu_makes_the_library_start_anew(string name, int code)
    {
        var call = Enum.Parse<NvmlCall>(name);
        using var stub = new NvmlStub();
        stub.Set(call, code);
        var reader = stub.Reader();

        Should.Throw<SourceFailure>(reader.Read).Message.ShouldContain($"code {code}");

        stub.Shutdowns.ShouldBe(1);
        stub.Set(call, 0);
        reader.Read().Gpus.ShouldNotBeNull()[0].ShouldBe(First);
        stub.Inits.ShouldBe(2);
    }

    [Fact]
    public void A_partitioned_gpu_has_no_utilization()
    {
        using var stub = new NvmlStub();
        stub.Partition();

        stub.Reader().Read().Gpus.ShouldNotBeNull()[0].ShouldBe(First with { IsMig = true, Utilization = null });
    }

    [Fact]
    public async Task The_source_reads_on_its_own_thread_and_shows_the_gpus_asked_for()
    {
        using var stub = new NvmlStub();
        using var source = new NvmlSource(["1"], stub.Path);

        var reading = await source.ReadAsync(Token);

        reading.Gpus.ShouldNotBeNull().Single().Id.ShouldBe("GPU-b");
        source.Works.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_library_the_source_is_absent()
    {
        using var source = new NvmlSource([], "/nowhere/libnvidia-ml.so.1");

        (await source.ReadAsync(Token)).AbsentReason.ShouldBe("no NVML library");
        source.FirstReading.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_call_that_never_returns_fails_the_source_and_holds_up_nobody()
    {
        using var stub = new NvmlStub();
        stub.Set(NvmlCall.Utilization, 999);
        using var source = new NvmlSource([], stub.Path);
        var slot = new SourceSlot(source, SourceKind.Waiting(default, TimeSpan.FromMilliseconds(300)), TimeProvider.System, NullLogger.Instance);

        while (slot.State != ResourceSourceState.Failing) await slot.ReadAsync(TimeSpan.FromSeconds(1), null, Token);
        await slot.ReadAsync(TimeSpan.FromSeconds(1), null, Token);

        slot.Status.ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(ResourceSourceState.Failing),
            status => status.Reason.ShouldBe("no answer within 0.3 s"),
            status => status.Failures.ShouldBe(1),
            status => status.Skipped.ShouldBeGreaterThanOrEqualTo(1));
        stub.Set(NvmlCall.Utilization, 0);
    }
}

using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class NvidiaSmiTests
{
    const string Good = "0, GPU-a, NVIDIA H100 80GB HBM3, 93, 73000, 81559, 512.50, 61, Disabled";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Lines_are_read_and_odd_ones_counted()
    {
        var gpus = NvidiaSmiText.Read($"{Good}\r\n1, GPU-b, NVIDIA T4, [N/A], [Not Supported], , N/A, [Unknown Error], [N/A]\nNo devices were found\n\n", out var odd);

        odd.ShouldBe(1);
        gpus.ShouldBe(
        [
            new GpuSample
            {
                Id = "GPU-a", Index = 0, Name = "NVIDIA H100 80GB HBM3", Vendor = "NVIDIA", Utilization = 0.93, MemoryUsedBytes = 73000L * 1024 * 1024,
                MemoryTotalBytes = 81559L * 1024 * 1024, PowerWatts = 512.5, TemperatureCelsius = 61, IsMig = false,
            },
            new GpuSample { Id = "GPU-b", Index = 1, Name = "NVIDIA T4", Vendor = "NVIDIA" },
        ]);
    }

    [Fact]
    public void A_partitioned_gpu_has_no_utilization() =>
        NvidiaSmiText.Read("0, GPU-a, NVIDIA H100, 93, 1, 2, 3, 4, Enabled", out _).Single().ShouldSatisfyAllConditions(gpu => gpu.IsMig.ShouldBe(true), gpu => gpu.Utilization.ShouldBeNull());

    [Fact]
    public async Task The_program_is_called_and_read()
    {
        using var script = new Script($"case \"$1\" in --query-gpu=index,uuid,*) echo '{Good}';; *) exit 9;; esac");

        var reading = await new NvidiaSmi([], script.Path).ReadAsync(Token);

        reading.Gpus.ShouldNotBeNull().Single().PowerWatts.ShouldBe(512.5);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_absent() =>
        (await new NvidiaSmi([], "/nowhere/nvidia-smi").ReadAsync(Token)).AbsentReason.ShouldBe("nvidia-smi is not installed");

    [Theory]
    [InlineData("echo garbage", "understood")]
    [InlineData("exit 6", "code 6")]
    [InlineData("yes", "1 MiB")]
    public async Task A_program_in_trouble_fails_with_a_reason(string text, string reason)
    {
        using var script = new Script(text);

        var failure = await Should.ThrowAsync<SourceFailure>(async () => await new NvidiaSmi([], script.Path).ReadAsync(Token));

        failure.Message.ShouldContain(reason);
    }

    [Fact]
    public async Task A_program_that_hangs_is_killed()
    {
        using var script = new Script("echo $$ > \"$0.pid\"; exec sleep 600");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reading = new NvidiaSmi([], script.Path).ReadAsync(limit.Token).AsTask();
        string id;
        while ((id = File.Exists(script.Path + ".pid") ? await File.ReadAllTextAsync(script.Path + ".pid", Token) : "").Length == 0) await Task.Yield();

        await limit.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading);
        while (IsRunning(id.Trim())) await Task.Yield();
    }

    static bool IsRunning(string id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    sealed class Script : IDisposable
    {
        readonly LinuxTree _tree = new();

        public Script(string text)
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "The scripts need a shell.");
            _tree.With("/nvidia-smi", $"#!/bin/sh\n{text}\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        public string Path => _tree.Root + "/nvidia-smi";

        public void Dispose() => _tree.Dispose();
    }
}

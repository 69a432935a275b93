using Vllm.Resources;

namespace Vllm.Tests.EndToEnd;

/// <summary>The probe beside real programs that tell the same of the same machine.</summary>
public sealed class RealExporterTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_real_node_exporter_agrees_with_the_local_part()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The exporter is Debian's.");
        using var exporter = await RealProgram.StartAsync("prometheus-node-exporter", port => [$"--web.listen-address=127.0.0.1:{port}"]);
        var options = new ResourceProbeOptions { Instruments = false, LocalGpus = LocalGpuSource.Off };
        options.Servers.Add(new("host") { NodeExporter = exporter.Metrics });
        await using var probe = new ResourceProbe(options);

        var before = (await probe.SampleAsync(Token))["app"]!.Machine!;
        var sample = await probe.SampleAsync(Token);
        var after = (await probe.SampleAsync(Token))["app"]!.Machine!;

        var host = sample["host"].ShouldNotBeNull().Machine.ShouldNotBeNull();
        var status = probe.Sources.Single(source => source.Name == "node_exporter");
        (status.State, status.SkippedLines).ShouldBe((ResourceSourceState.Ok, 0));
        host.LogicalCpus.ShouldBe(before.LogicalCpus);
        host.MemoryTotalBytes.ShouldBe(before.MemoryTotalBytes);
        ((double)host.MemoryAvailableBytes!.Value).ShouldBe(after.MemoryAvailableBytes!.Value, after.MemoryTotalBytes!.Value * 0.1);
        // The kernel counts in steps of 10 ms on each processor and in each state.
        var step = TimeSpan.FromMilliseconds(10 * 8 * before.LogicalCpus!.Value);
        host.CpuTotalTime.ShouldNotBeNull().ShouldBeInRange(before.CpuTotalTime!.Value - step, after.CpuTotalTime!.Value + step);
        host.CpuBusyTime.ShouldNotBeNull().ShouldBeInRange(before.CpuBusyTime!.Value - step, after.CpuBusyTime!.Value + step);
    }

    [Fact]
    public async Task The_page_of_a_real_prometheus_is_understood_to_the_last_line()
    {
        var folder = Directory.CreateTempSubdirectory("vllm-prometheus");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "prometheus.yml"), "global: {}\n", Token);
            using var prometheus = await RealProgram.StartAsync("prometheus", port =>
                [$"--config.file={folder.FullName}/prometheus.yml", $"--storage.tsdb.path={folder.FullName}/data", $"--web.listen-address=127.0.0.1:{port}"]);
            using var http = new HttpClient();
            var page = await http.GetByteArrayAsync(prometheus.Metrics, Token);

            var (series, skipped, unknown) = Count(page);

            var lines = System.Text.Encoding.UTF8.GetString(page).Split('\n').Count(line => line.Length > 0 && line[0] != '#' && !line.EndsWith(" NaN", StringComparison.Ordinal));
            (series, skipped, unknown).ShouldBe((lines, 0, 0));
            series.ShouldBeGreaterThan(100);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static (int Series, int Skipped, int Unknown) Count(byte[] page)
    {
        var reader = new PrometheusReader(page, stackalloc LabelPlace[PrometheusReader.MaxLabels]);
        var (series, unknown) = (0, 0);
        while (reader.MoveNext())
        {
            series++;
            if (reader.Kind == SeriesKind.Unknown) unknown++;
        }

        return (series, reader.SkippedLines, unknown);
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.AI;
using Vllm.Testing;

namespace Vllm.Tests.Benchmarks;

/// <summary>Whole-process CPU and bytes per event over loopback, with the producer in a process of its own. Writes RESULTS.md.</summary>
static class StreamReport
{
    const int Rounds = 7;
    const int WarmUps = 3;

    static readonly string[] Names = ["raw `HttpClient` + `SseParser`, no JSON", "the same and one pass of `Utf8JsonReader`, nothing kept", "`VllmClient`", "`VllmClient`, `DiscardText`", "`VllmClient` as `IChatClient`", "OpenAI .NET", "Microsoft.Extensions.AI over OpenAI .NET"];

    internal static async Task WriteAsync()
    {
        var text = new StringBuilder(Head());
        foreach (var (mode, streams, chunks) in new[] { (ReadMode.Coalesced, 32, 32_000), (ReadMode.OnePerRead, 64, 1000) })
        {
            var rows = await MeasureAsync(mode, streams, chunks);
            text.Append(Table(mode, streams, chunks, rows));
        }

        text.Append(await RunnerReport.MeasureAsync());
        text.Append(await ProbeReport.MeasureAsync());
        text.Append(TelemetryReport.Measure());
        var path = RepositoryFiles.Path("tests", "VllmClient.Benchmarks", "RESULTS.md");
        await File.WriteAllTextAsync(path, text.ToString());
        Console.WriteLine(text);
    }

    static async Task<List<Row>> MeasureAsync(ReadMode mode, int streams, int chunks)
    {
        using var producer = new ProducerProcess(mode.ToString(), chunks.ToString(CultureInfo.InvariantCulture));
        using var listener = StreamVariants.Listen();
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new VllmClient(new VllmClientOptions { BaseUrl = producer.Url, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) });
        var url = new Uri(producer.Url, "/v1/chat/completions");
        using var adapter = client.AsIChatClient();
        var peer = PeerVariants.OpenAI(http, producer.Url);
        using var peerAdapter = peer.AsIChatClient();
        Func<Task<StreamTally>>[] variants =
        [
            () => StreamVariants.RawAsync(http, url), () => StreamVariants.RawJsonAsync(http, url), () => StreamVariants.ClientAsync(client), () => StreamVariants.DiscardAsync(client),
            () => PeerVariants.ReadAsync(adapter), () => PeerVariants.ReadAsync(peer), () => PeerVariants.ReadAsync(peerAdapter),
        ];

        var samples = variants.Select(_ => new List<Row>()).ToList();
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            for (var i = 0; i < variants.Length; i++)
            {
                var row = await RunAsync(variants[i], streams);
                if (round >= WarmUps) samples[i].Add(row);
            }
        }

        return [.. samples.Select(Median)];
    }

    static async Task<Row> RunAsync(Func<Task<StreamTally>> read, int streams)
    {
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;

        var tallies = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(read)));

        var events = tallies.Sum(tally => (double)tally.Events);
        return new(
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / events,
            (GC.GetTotalAllocatedBytes(precise: true) - allocated) / events,
            events / tallies.Sum(tally => (double)tally.Reads));
    }

    static Row Median(List<Row> rows) => new(Middle(rows.Select(row => row.Microseconds)), Middle(rows.Select(row => row.Bytes)), Middle(rows.Select(row => row.EventsPerRead)));

    static double Middle(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    static string Head() => string.Create(CultureInfo.InvariantCulture, $"""
        # Results

        Written by `dotnet run -c Release --project tests/VllmClient.Benchmarks -- report`. Each figure is the median of {Rounds} rounds after {WarmUps} to warm up, variants taking turns.
        The producer runs in a process of its own, so the CPU is the client's alone: kernel time included, divided by events. A meter listener hears every instrument of the client.
        Absolute figures belong to this machine; judge by the ratio to raw. Goals: at most 2.5 times the CPU of raw, at most the text (a string of {Sizes()}) plus 100 bytes.

        {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription.Split(' ')[0]} {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores, one event of {ChatEvents.Content.Length} bytes.

        """);

    // A .NET string: 22 bytes of overhead and two per character, in steps of eight.
    static string Sizes() => string.Create(CultureInfo.InvariantCulture, $"{(22 + 2 * " telemetry".Length + 7) / 8 * 8} bytes");

    static string Table(ReadMode mode, int streams, int chunks, List<Row> rows)
    {
        var table = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""

            ## {(mode == ReadMode.Coalesced ? "Coalesced" : "One event per read")}: {streams} streams at a time, {chunks} content events each

            |variant|CPU per event|to raw|allocated per event|events per read|
            |---|---|---|---|---|

            """);
        for (var i = 0; i < rows.Count; i++)
        {
            var reads = double.IsFinite(rows[i].EventsPerRead) ? rows[i].EventsPerRead.ToString("0.0", CultureInfo.InvariantCulture) : "-";
            table.Append(CultureInfo.InvariantCulture, $"|{Names[i]}|{rows[i].Microseconds:0.00} µs|{rows[i].Microseconds / rows[0].Microseconds:0.00}|{rows[i].Bytes:0} B|{reads}|\n");
        }

        return table.ToString();
    }

    readonly record struct Row(double Microseconds, double Bytes, double EventsPerRead);
}

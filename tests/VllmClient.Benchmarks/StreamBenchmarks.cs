using System.Net.ServerSentEvents;
using BenchmarkDotNet.Attributes;

namespace Vllm.Tests.Benchmarks;

/// <summary>What one streamed chat chunk costs, beside the framework's own parser without any JSON.</summary>
[MemoryDiagnoser]
public class StreamBenchmarks
{
    const int Chunks = 1000;

    HttpClient _http = null!;
    VllmClient _client = null!;

    /// <summary>220 is about one chunk per read; 16,384 is what a busy client sees.</summary>
    [Params(220, 16_384)]
    public int BytesPerRead { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _http = new HttpClient(new CannedStream(Chunks, BytesPerRead)) { Timeout = Timeout.InfiniteTimeSpan };
        _client = new VllmClient(_http, new VllmClientOptions());
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _client.Dispose();
        _http.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Chunks)]
    public async Task<int> FrameworkParserWithoutJson()
    {
        using var response = await _http.GetAsync(new Uri("http://localhost/"), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var length = 0;
        await foreach (var item in SseParser.Create(body, static (_, data) => data.Length).EnumerateAsync()) length += item.Data;
        return length;
    }

    [Benchmark(OperationsPerInvoke = Chunks)]
    public Task<int> Updates() => Read(null);

    [Benchmark(OperationsPerInvoke = Chunks)]
    public Task<int> UpdatesWithoutText() => Read(new VllmRequestOptions { DiscardText = true });

    async Task<int> Read(VllmRequestOptions? options)
    {
        var length = 0;
        await foreach (var update in _client.ChatStreamAsync("Hi", options)) length += update.TextBytes;
        return length;
    }
}

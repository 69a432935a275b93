using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Vllm.Testing;

namespace Vllm.Tests.Benchmarks;

/// <summary>Cost per event of a stream from memory, without sockets; coalesced in 16 KiB reads, or one event per read.</summary>
[MemoryDiagnoser]
public class StreamBenchmarks
{
    const int Chunks = 1000;

    byte[] _body = [];
    int[] _cuts = [];
    HttpClient _http = null!;
    VllmClient _client = null!;
    IChatClient _chat = null!;
    MeterListener _listener = null!;

    [Params(false, true)]
    public bool OneEventPerRead { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _body = ChatEvents.Body(Chunks);
        _cuts = [.. Cuts(_body)];
        var handler = new ScriptedHandler().Streams(() => OneEventPerRead ? TrickleStream.SplitAt(_body, _cuts) : new MemoryStream(_body, writable: false));
        _http = new(handler);
        _client = handler.Client();
        _chat = _client.AsIChatClient();
        _listener = StreamVariants.Listen();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _listener.Dispose();
        _chat.Dispose();
        _client.Dispose();
        _http.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Chunks, Description = "HttpClient + SseParser, no JSON")]
    public async Task<int> Raw() => (await StreamVariants.RawAsync(_http, new("http://gpu:8000/v1/chat/completions"))).Events;

    [Benchmark(OperationsPerInvoke = Chunks, Description = "VllmClient")]
    public async Task<int> Client() => (await StreamVariants.ClientAsync(_client)).Events;

    [Benchmark(OperationsPerInvoke = Chunks, Description = "VllmClient, DiscardText")]
    public async Task<int> Discard() => (await StreamVariants.DiscardAsync(_client)).Events;

    [Benchmark(OperationsPerInvoke = Chunks, Description = "IChatClient over VllmClient")]
    public async Task<int> Adapter() => (await PeerVariants.ReadAsync(_chat)).Events;

    static IEnumerable<int> Cuts(byte[] body)
    {
        for (var i = 2; i < body.Length; i++)
        {
            if (body[i - 1] == '\n' && body[i - 2] == '\n') yield return i;
        }
    }
}

using System.Text;
using Microsoft.Extensions.AI;
using Vllm.Testing;
using Vllm.Tests.Telemetry;

namespace Vllm.Tests.ExtensionsAI;

/// <summary>What a chunk costs through the adapter. Alone, because another test's span listener would record these calls too.</summary>
[Collection(nameof(Alone))]
public class AdapterAllocationTests
{
    const int Chunks = 1000;

    [Fact]
    public async Task A_chunk_through_the_adapter_costs_at_most_350_bytes_its_text_included()
    {
        var few = Body(10);
        var many = Body(10 + Chunks);
        var body = few;
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(body)).Client();
        using var chat = client.AsIChatClient();
        for (var i = 0; i < 20; i++) await CountAsync(chat);

        var start = await CostAsync(chat);
        body = many;
        await CountAsync(chat);
        var bytes = (await CostAsync(chat) - start) / (double)Chunks;

        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes per chunk");
        bytes.ShouldBeLessThanOrEqualTo(350);
    }

    // Everything completes at once over a stream in memory, so the whole call stays on this thread.
    static async Task<long> CostAsync(IChatClient chat)
    {
        var thread = Environment.CurrentManagedThreadId;
        var before = GC.GetAllocatedBytesForCurrentThread();
        await CountAsync(chat);
        var after = GC.GetAllocatedBytesForCurrentThread();
        Environment.CurrentManagedThreadId.ShouldBe(thread);
        return after - before;
    }

    static async Task<int> CountAsync(IChatClient chat)
    {
        var count = 0;
        await foreach (var update in chat.GetStreamingResponseAsync("Hello")) count += update.Contents.Count;
        return count;
    }

    static byte[] Body(int chunks) => Encoding.UTF8.GetBytes(SseText.Role() + string.Concat(Enumerable.Repeat(SseText.Text(" word"), chunks)) + SseText.Finish() + SseText.Usage(1, chunks) + SseText.Done);
}

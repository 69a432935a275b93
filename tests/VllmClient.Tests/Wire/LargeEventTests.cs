using System.IO.Compression;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Vllm.Testing;
using Vllm.Tests.Telemetry;
using Vllm.Wire;

namespace Vllm.Tests.Wire;

/// <summary>What an event or a body costs that is larger than any server has reason to send. Alone, because others allocate too.</summary>
[Collection(nameof(Alone))]
public class LargeEventTests
{
    const int Limit = 64 * 1024 * 1024;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void An_event_as_long_as_the_limit_costs_little_more_than_itself()
    {
        var body = Body("data: ", Limit - 64, "\n\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var buffer = new SseBuffer();
        var lengths = new List<int>();

        Fill(buffer, body, data => lengths.Add(data.Length));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan((long)(1.6 * Limit));
        lengths.ShouldBe([Limit - 64]);
    }

    [Fact]
    public void An_event_of_many_lines_costs_no_more_than_one_of_a_single_line()
    {
        var line = "data: " + new string('x', 1000) + "\n";
        var body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, 60_000)) + "\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var buffer = new SseBuffer();
        var events = new List<(int Length, int FirstLine, int LineFeeds)>();

        Fill(buffer, body, data => events.Add((data.Length, data.IndexOfAnyExcept((byte)'x'), data.Count((byte)'\n'))));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan((long)(1.6 * Limit));
        events.ShouldBe([((60_000 * 1001) - 1, 1000, 59_999)]);
    }

    [Fact]
    public void The_memory_of_a_long_event_is_free_once_the_next_read_begins()
    {
        using var buffer = new SseBuffer();
        var large = FillAndWatch(buffer, Body("data: ", 20_000_000, "\n\ndata: rest"));

        buffer.Space();

        GC.Collect();
        large.IsAlive.ShouldBeFalse();
        var rest = "";
        Fill(buffer, "\n\n"u8.ToArray(), data => rest += Encoding.ASCII.GetString(data));
        rest.ShouldBe("rest");
    }

    [Fact]
    public void The_memory_of_a_long_event_is_free_once_the_stream_is_disposed_of()
    {
        var buffer = new SseBuffer();
        var large = FillAndWatch(buffer, Body("data: ", 20_000_000, ""));

        buffer.Dispose();

        GC.Collect();
        large.IsAlive.ShouldBeFalse();
    }

    [Fact]
    public void Short_events_around_a_long_one_are_read_as_ever()
    {
        var body = Encoding.ASCII.GetBytes("data: a\n\ndata: " + new string('x', 3_000_000) + "\ndata: y\n\ndata: b\n\n: comment\r\ndata: c\r\ndata\r\n\r\n");
        using var buffer = new SseBuffer();
        var events = new List<string>();

        Fill(buffer, body, data => events.Add(Encoding.ASCII.GetString(data)));

        events.ShouldBe(["a", new string('x', 3_000_000) + "\ny", "b", "c\n"]);
    }

    [Fact]
    public async Task A_line_that_never_ends_is_malformed_and_costs_little_more_than_the_limit()
    {
        var body = Body("data: ", Limit + 100_000, "");
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(body)).Client();

        await CostsAtMostAsync((long)(1.6 * Limit), async () =>
            (await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToListAsync().AsTask())).Reason.ShouldBe(VllmStreamFailure.Malformed));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_line_that_never_ends_costs_no_more_if_it_comes_compressed(string encoding)
    {
        var body = Packed(Body("data: ", Limit + 100_000, ""), encoding);
        body.Length.ShouldBeLessThan(1_000_000);
        using var client = new ScriptedHandler().Answers(() => Encoded(body, "text/event-stream", encoding)).Client();

        await CostsAtMostAsync((long)(1.6 * Limit), async () =>
            (await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToListAsync().AsTask())).Reason.ShouldBe(VllmStreamFailure.Malformed));
    }

    [Fact]
    public async Task Many_lines_of_one_event_without_end_are_malformed()
    {
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("data: " + new string('x', 1_000_000) + "\n", 70)));
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(lines)).Client();

        await CostsAtMostAsync((long)(1.6 * Limit), async () =>
            (await Should.ThrowAsync<VllmStreamException>(() => client.ChatStreamAsync("Hi").ToListAsync().AsTask())).Reason.ShouldBe(VllmStreamFailure.Malformed));
    }

    [Fact]
    public async Task Many_events_in_one_read_are_not_one_long_event()
    {
        var large = SseText.Event($$"""{"choices":[],"ignored":"{{new string('x', 20_000_000)}}"}""");
        var small = string.Concat(Enumerable.Repeat(SseText.Event("""{"choices":[]}"""), 2_500_000));
        var body = Encoding.ASCII.GetBytes(large + small + SseText.Last("a") + SseText.Done);
        body.Length.ShouldBeGreaterThan(Limit);
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(body)).Client();

        (await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token)).Text.ShouldBe("a");
    }

    [Fact]
    public async Task Members_that_nobody_reads_are_not_kept_after_their_event()
    {
        var body = Encoding.ASCII.GetBytes(
            SseText.Event($$$"""{"choices":[{"index":0,"delta":{"content":"a"}}],"ignored":"{{{new string('x', 20_000_000)}}}"}""") + SseText.Last("b") + SseText.Done);
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(body)).Client();

        // 1, 4, 16 and 64 MB, and no copy of the event beside them.
        await CostsAtMostAsync(90_000_000, async () => await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token));
    }

    [Fact]
    public void The_length_of_an_escaped_text_needs_no_copy_of_it()
    {
        var text = "\"" + string.Concat(Enumerable.Repeat("\\n\\u00e9\\ud83d\\ude80\\\"x", 100_000)) + "\"";
        var json = Encoding.ASCII.GetBytes(text);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var length = JsonText.Length(ref reader);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        length.ShouldBe(100_000 * (1 + 2 + 4 + 1 + 1));
    }

    [Theory]
    [InlineData("""a\nb""")]
    [InlineData("""\u0041\u00e9\u20ac""")]
    [InlineData("""\ud83d\ude80""")]
    [InlineData("""\uD83D\uDE80 \/ \\ \" \b\f\r\t""")]
    [InlineData("""é\nü 量子 🚀""")]
    [InlineData("""\ud83d""")]
    [InlineData("""\ud83dx\n""")]
    [InlineData("""\ude80\ud83d""")]
    [InlineData("""\ud83d\ud83d\ude80""")]
    [InlineData("""\ud83d\n\ude80""")]
    public void The_length_of_an_escaped_text_is_that_of_the_text_as_read(string raw)
    {
        var json = Encoding.UTF8.GetBytes($"\"{raw}\"");
        var reader = new Utf8JsonReader(json);
        reader.Read();

        JsonText.Length(ref reader).ShouldBe(Encoding.UTF8.GetByteCount(JsonText.Read(ref reader)!));
    }

    [Fact]
    public async Task A_large_answer_costs_little_more_than_itself()
    {
        const int Size = 40_000_000;
        var body = Body("{\"object\":\"", Size, "\"}");
        using var client = new ScriptedHandler().Answers(() => Encoded(body, "application/json", null)).Client();

        await CostsAtMostAsync((long)(1.6 * Size), async () => await Should.ThrowAsync<VllmApiException>(() => client.EmbedAsync("x")));
    }

    [Fact]
    public async Task A_length_that_a_server_only_claims_costs_nothing()
    {
        using var client = new ScriptedHandler().Answers(() =>
        {
            var response = Encoded("{"u8.ToArray(), "application/json", null);
            response.Content.Headers.ContentLength = 500_000_000;
            return response;
        }).Client();

        await CostsAtMostAsync(2_000_000, async () => await Should.ThrowAsync<VllmException>(() => client.EmbedAsync("x")));
    }

    static async Task CostsAtMostAsync(long bytes, Func<Task> act)
    {
        // All of the process: a call that fails may end on another thread, and nothing else runs meanwhile.
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await act();
        var after = GC.GetTotalAllocatedBytes(precise: true);
        TestContext.Current.TestOutputHelper?.WriteLine($"{(after - before) / 1e6:0.0} MB");
        (after - before).ShouldBeLessThan(bytes);
    }

    static byte[] Body(string start, int length, string end)
    {
        var body = new byte[start.Length + length + end.Length];
        body.AsSpan().Fill((byte)'x');
        Encoding.ASCII.GetBytes(start).CopyTo(body, 0);
        Encoding.ASCII.GetBytes(end).CopyTo(body, start.Length + length);
        return body;
    }

    static byte[] Packed(byte[] body, string encoding)
    {
        var bytes = new MemoryStream();
        using (Stream packing = encoding switch { "gzip" => new GZipStream(bytes, CompressionLevel.Fastest, true), "br" => new BrotliStream(bytes, CompressionLevel.Fastest, true), _ => new ZLibStream(bytes, CompressionLevel.Fastest, true) })
            packing.Write(body);
        return bytes.ToArray();
    }

    static HttpResponseMessage Encoded(byte[] body, string contentType, string? encoding)
    {
        // A stream and not an array, so that the handler makes no copy.
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new MemoryStream(body)) };
        response.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        if (encoding is not null) response.Content.Headers.ContentEncoding.Add(encoding);
        if (encoding is not null) response.Content.Headers.ContentLength = null;
        return response;
    }

    delegate void OnEvent(ReadOnlySpan<byte> data);

    static void Fill(SseBuffer buffer, byte[] body, OnEvent onEvent) => Fill(buffer, body, onEvent, out _);

    static void Fill(SseBuffer buffer, byte[] body, OnEvent onEvent, out WeakReference last)
    {
        var at = 0;
        last = new WeakReference(null);
        while (at < body.Length)
        {
            var space = buffer.Space();
            MemoryMarshal.TryGetArray<byte>(space, out var array);
            last.Target = array.Array;
            var count = Math.Min(space.Length, body.Length - at);
            body.AsMemory(at, count).CopyTo(space);
            at += count;
            buffer.Filled(count);
            while (buffer.TryRead()) onEvent(buffer.Data);
        }
    }

    static WeakReference FillAndWatch(SseBuffer buffer, byte[] body)
    {
        Fill(buffer, body, _ => { }, out var last);
        last.IsAlive.ShouldBeTrue();
        return last;
    }
}

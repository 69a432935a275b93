using System.Text;
using Vllm.Testing;

namespace Vllm.Tests.Wire;

/// <summary>Where the network cuts a stream must not matter, and no cut may look like an end.</summary>
public class StreamSplittingTests
{
    const int LargeBody = 30_000;

    public static TheoryData<string> Whole => [.. Recorded.RecordedAnswerTests.WholeStreams.Where(name => name.StartsWith("chat", StringComparison.Ordinal))];

    public static TheoryData<string> WholeCompletions => [.. Recorded.RecordedAnswerTests.WholeStreams.Where(name => name.StartsWith("completion", StringComparison.Ordinal))];

    public static TheoryData<string> Small => [.. Whole.Select(row => row.Data).Where(name => Recording.Load(name).Body.Length < LargeBody)];

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task Byte_by_byte_gives_the_same_updates(string name)
    {
        var body = Recording.Load(name).Body;

        var whole = await DescribeAsync(() => new MemoryStream(body));
        var split = await DescribeAsync(() => TrickleStream.ByteByByte(body));

        split.ShouldBe(whole);
        whole.Count.ShouldBeGreaterThan(3);
    }

    [Theory]
    [MemberData(nameof(Small))]
    public async Task Split_in_two_at_every_byte_gives_the_same_updates(string name)
    {
        var body = Recording.Load(name).Body;
        var whole = await DescribeAsync(() => new MemoryStream(body));

        for (var cut = 1; cut < body.Length; cut++)
        {
            var split = await DescribeAsync(() => TrickleStream.SplitAt(body, cut));
            if (!split.SequenceEqual(whole)) split.ShouldBe(whole, $"cut at byte {cut}");
        }
    }

    [Theory]
    [MemberData(nameof(WholeCompletions))]
    public async Task Completions_split_byte_by_byte_give_the_same_updates(string name)
    {
        var body = Recording.Load(name).Body;

        var whole = await DescribeCompletionsAsync(() => new MemoryStream(body));
        var split = await DescribeCompletionsAsync(() => TrickleStream.ByteByByte(body));

        split.ShouldBe(whole);
        for (var end = 0; end < body.AsSpan().IndexOf("data: [DONE]"u8); end++)
        {
            await Should.ThrowAsync<VllmStreamException>(() => DescribeCompletionsAsync(() => new MemoryStream(body, 0, end)), $"cut off at byte {end}");
        }
    }

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task Keep_alive_comments_change_nothing(string name)
    {
        var body = Recording.Load(name).Body;
        var commented = Encoding.UTF8.GetBytes(SseText.WithKeepAlives(Encoding.UTF8.GetString(body)));

        var whole = await DescribeAsync(() => new MemoryStream(body));
        var withComments = await DescribeAsync(() => TrickleStream.SplitAt(commented, Enumerable.Range(1, commented.Length / 7).Select(i => i * 7)));

        withComments.ShouldBe(whole);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Other_line_ends_change_nothing(string lineEnd)
    {
        var body = Recording.Load("chat-stream-usage").Body;
        var other = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("\n", lineEnd, StringComparison.Ordinal));

        var whole = await DescribeAsync(() => new MemoryStream(body));

        (await DescribeAsync(() => new MemoryStream(other))).ShouldBe(whole);
        (await DescribeAsync(() => TrickleStream.ByteByByte(other))).ShouldBe(whole);
    }

    [Fact]
    public async Task A_byte_order_mark_and_data_over_two_lines_are_read()
    {
        var body = "\uFEFF" + SseText.Role() + "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"two lines\"}}]}\n\n" + SseText.Last("") + SseText.Done;

        var updates = await ReadAsync(() => TrickleStream.ByteByByte(Encoding.UTF8.GetBytes(body)));

        updates.TextOf().ShouldBe("two lines");
    }

    [Fact]
    public async Task Line_separators_and_lone_surrogates_in_a_text_survive()
    {
        var updates = await ReadAsync(() => new TrickleStream(
            SseText.Role(),
            SseText.Chat("{\"index\":0,\"delta\":{\"content\":\"a\u2028b\u0085c\"}}"),
            SseText.Chat("""{"index":0,"delta":{"content":"d\ud800e"}}"""),
            SseText.Last("f"),
            SseText.Done));

        updates.TextOf().ShouldBe("a\u2028b\u0085cd\uFFFDef");
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_become_the_replacement_character()
    {
        byte[] bad = [.. Encoding.UTF8.GetBytes(SseText.Role()), .. "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x"u8, 0xFF, .. "y\"}}]}\n\n"u8, .. Encoding.UTF8.GetBytes(SseText.Last("z") + SseText.Done)];

        var updates = await ReadAsync(() => new MemoryStream(bad));

        updates.TextOf().ShouldBe("x\uFFFDyz");
    }

    static async Task<List<string>> DescribeAsync(Func<Stream> body) => [.. (await ReadAsync(body)).Select(update => update.Describe())];

    static async Task<List<ChatUpdate>> ReadAsync(Func<Stream> body)
    {
        using var client = new ScriptedHandler().Streams(body).Client();
        return await client.ChatStreamAsync("Hello", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }

    static async Task<List<string>> DescribeCompletionsAsync(Func<Stream> body)
    {
        using var client = new ScriptedHandler().Streams(body).Client();
        var updates = await client.CompleteStreamAsync("Once", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        return [.. updates.Select(update => update.Describe())];
    }
}

using Vllm.Testing;

namespace Vllm.Tests.Wire;

/// <summary>Tool calls put together from pieces as servers and gateways send them, and choices that interleave.</summary>
public class ToolCallAssemblyTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_parallel_calls_whose_pieces_interleave()
    {
        var calls = await CallsAsync(
            """[{"index":0,"id":"a","type":"function","function":{"name":"one"}}]""",
            """[{"index":1,"id":"b","type":"function","function":{"name":"two"}}]""",
            """[{"index":0,"function":{"arguments":"{\"x\":"}},{"index":1,"function":{"arguments":"{}"}}]""",
            """[{"index":0,"function":{"arguments":"1}"}}]""");

        calls.Select(call => (call.Id, call.Name, call.Arguments)).ShouldBe([("a", "one", """{"x":1}"""), ("b", "two", "{}")]);
    }

    [Fact]
    public async Task Without_an_index_pieces_belong_to_the_last_call_and_a_name_opens_a_new_one()
    {
        var calls = await CallsAsync(
            """[{"id":"a","function":{"name":"one","arguments":""}}]""",
            """[{"function":{"arguments":"{\"x\""}}]""",
            """[{"function":{"arguments":":1}"}}]""",
            """[{"id":"b","function":{"name":"two","arguments":"{}"}}]""");

        calls.Select(call => (call.Id, call.Name, call.Arguments)).ShouldBe([("a", "one", """{"x":1}"""), ("b", "two", "{}")]);
    }

    [Fact]
    public async Task Without_an_id_one_is_made()
    {
        var calls = await CallsAsync("""[{"index":0,"function":{"name":"one","arguments":"{}"}}]""");

        calls.ShouldHaveSingleItem().Id.ShouldMatch("^call_[0-9a-f]{16}$");
    }

    [Fact]
    public async Task A_repeated_id_or_name_is_no_new_call()
    {
        var calls = await CallsAsync(
            """[{"index":0,"id":"a","function":{"name":"one","arguments":"{"}}]""",
            """[{"index":0,"id":"a","function":{"name":"one","arguments":"}"}}]""");
        var withoutIndex = await CallsAsync(
            """[{"id":"a","function":{"name":"one","arguments":"{"}}]""",
            """[{"id":"a","function":{"name":"one","arguments":"}"}}]""");

        calls.Select(call => (call.Id, call.Name, call.Arguments)).ShouldBe([("a", "one", "{}")]);
        withoutIndex.Select(call => (call.Id, call.Name, call.Arguments)).ShouldBe([("a", "one", "{}")]);
    }

    [Theory]
    [InlineData("""{"x":1}""", """{"x":1}""")]
    [InlineData("42", "42")]
    [InlineData("null", "")]
    [InlineData("\"{\\\"x\\\"\"", "{\"x\"")]
    public async Task Arguments_may_be_any_JSON_and_bad_ones_are_data(string json, string expected)
    {
        var calls = await CallsAsync($$$"""[{"index":0,"id":"a","function":{"name":"one","arguments":{{{json}}}}}]""");

        calls.ShouldHaveSingleItem().Arguments.ShouldBe(expected);
    }

    [Fact]
    public async Task Three_choices_that_interleave_and_one_event_with_all_of_them()
    {
        using var client = new ScriptedHandler().Streams(
            SseText.Role(0), SseText.Role(1), SseText.Role(2),
            SseText.Text("a", 0), SseText.Text("b", 2), SseText.Text("c", 1),
            SseText.Chat("""{"index":2,"delta":{"content":"d"}},{"index":0,"delta":{"content":"e"}},{"index":1,"delta":{"content":"f"}}"""),
            SseText.Last("g", "stop", 1), SseText.Last("h", "length", 0), SseText.Last("i", "stop", 2), SseText.Done).Client();

        var updates = await client.ChatStreamAsync(new() { Messages = ["Hi"], N = 3 }, cancellationToken: Token).ToListAsync(Token);

        updates.TextOf(0).ShouldBe("aeh");
        updates.TextOf(1).ShouldBe("cfg");
        updates.TextOf(2).ShouldBe("bdi");
        var together = updates.Where(update => update.Text is "d" or "e" or "f").ToList();
        together.Select(update => update.Index).ShouldBe([2, 0, 1]);
        together.Select(update => update.ReceivedTimestamp).Distinct().ShouldHaveSingleItem();
        updates.Where(update => update.FinishReason is not null).Select(update => (update.Index, update.FinishReason!.Value.Value)).ShouldBe([(1, "stop"), (0, "length"), (2, "stop")]);
    }

    static async Task<IReadOnlyList<ToolCall>> CallsAsync(params string[] pieces)
    {
        var events = pieces.Select(piece => SseText.Chat($$"""{"index":0,"delta":{"tool_calls":{{piece}}},"finish_reason":null}"""));
        using var client = new ScriptedHandler().Streams([SseText.Role(), .. events.Select(text => (BodyStep)text), SseText.Finish("tool_calls"), SseText.Done]).Client();
        var result = await client.ChatStreamAsync("Hi", cancellationToken: Token).ToResultAsync(cancellationToken: Token);
        result.FinishReason.ShouldBe(FinishReason.ToolCalls);
        return result.ToolCalls;
    }
}

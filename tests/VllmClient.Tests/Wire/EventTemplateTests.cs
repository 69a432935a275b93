using System.Text;
using System.Text.Json;
using Vllm.Testing;
using Vllm.Wire;

namespace Vllm.Tests.Wire;

/// <summary>A reader that has seen an event before reads the next one by comparing bytes. It must never read it differently from a reader that parses it.</summary>
public class EventTemplateTests
{
    public static TheoryData<string> RecordedStreams =>
        [.. Recording.Names.Where(name => (name.StartsWith("chat-stream", StringComparison.Ordinal) || name.StartsWith("completion-stream", StringComparison.Ordinal)) && Events(Recording.Load(name).Body).Count > 2)];

    [Theory]
    [MemberData(nameof(RecordedStreams))]
    public void A_recorded_stream_reads_as_if_each_event_were_the_first(string name) => ShouldReadAlike(Events(Recording.Load(name).Body));

    [Theory]
    [InlineData(""" "quoted" """)]
    [InlineData("back\\slash")]
    [InlineData("\\")]
    [InlineData("\"")]
    [InlineData("line\nbreak\ttab")]
    [InlineData("量子 🚀 é\u2028")]
    [InlineData("\",\"finish_reason\":\"stop")]
    [InlineData("")]
    [InlineData(" ")]
    public void Any_text_between_two_plain_ones_reads_alike(string text) =>
        ShouldReadAlike([.. new[] { " one", text, " two", text, text, " three" }.Select(piece => Data(SseText.Text(piece)))]);

    [Fact]
    public void Raw_bytes_that_are_no_text_read_alike()
    {
        var plain = Data(SseText.Text(" plain"));
        var at = plain.AsSpan().IndexOf(" plain"u8);
        var broken = plain.ToArray();
        broken[at] = 0xFF;
        var control = plain.ToArray();
        control[at + 1] = 0xC3;

        ShouldReadAlike([plain, broken, control, plain]);
    }

    [Fact]
    public void A_backslash_before_the_closing_quote_makes_it_part_of_the_text()
    {
        static byte[] Event(string raw) => Encoding.UTF8.GetBytes("{\"choices\":[{\"text\":\"" + raw + "\",\"x\":\"\"}]}");

        // The same bytes around the text, yet the string goes on to the next quote, so this is no JSON at all.
        var reader = new AnswerReader(discardText: false, keepUnknown: false);
        var part = new AnswerEvent();
        reader.Read(Event("a"), part);
        part[0].Text.ShouldBe("a");

        Should.Throw<JsonException>(() => reader.Read(Event("b\\"), part));
    }

    [Fact]
    public void A_control_character_in_a_text_is_no_json_for_either_reader()
    {
        var plain = Data(SseText.Text(" plain"));
        var broken = plain.ToArray();
        broken[plain.AsSpan().IndexOf(" plain"u8)] = (byte)'\n';
        var reader = new AnswerReader(discardText: false, keepUnknown: false);
        var part = new AnswerEvent();
        reader.Read(plain, part);

        Should.Throw<JsonException>(() => reader.Read(broken, part));
    }

    [Fact]
    public void Events_that_differ_outside_the_text_are_told_apart()
    {
        string[] events =
        [
            SseText.Role(), SseText.Text(" a"), SseText.Text(" b"), SseText.Text(" c", index: 1), SseText.Text(" d"),
            SseText.Chat("""{"index":0,"delta":{"reasoning":" think"},"finish_reason":null}"""),
            SseText.Chat("""{"index":0,"delta":{"reasoning":" more"},"finish_reason":null}"""),
            SseText.Chat("""{"index":0,"delta":{"reasoning":" x","reasoning_content":" x"},"finish_reason":null}"""),
            SseText.Chat("""{"index":0,"delta":{"reasoning":" y","reasoning_content":" x"},"finish_reason":null}"""),
            SseText.Chat("""{"index":0,"delta":{"content":" both","reasoning":" y"},"finish_reason":null}"""),
            SseText.Chat("""{"index":0,"delta":{"content":" text","reasoning":" y"},"finish_reason":null}"""),
            SseText.Chat("""{"index":0,"delta":{"content":" ids"},"token_ids":[1]}"""),
            SseText.Chat("""{"index":0,"delta":{"content":" more"},"token_ids":[1]}"""),
            SseText.Chat("""{"index":0,"delta":{"content":" one"}},{"index":1,"delta":{"content":""}}"""),
            SseText.Chat("""{"index":0,"delta":{"content":" two"}},{"index":1,"delta":{"content":""}}"""),
            SseText.Text(" e"), SseText.Last(" f"), SseText.Last(" g"), SseText.Usage(3, 4), SseText.Text(" h"),
        ];

        ShouldReadAlike([.. events.Select(Data)]);
    }

    static void ShouldReadAlike(IReadOnlyList<byte[]> events)
    {
        foreach (var discard in new[] { false, true })
        {
            var reader = new AnswerReader(discard, keepUnknown: false);
            var part = new AnswerEvent();
            events.ShouldNotBeEmpty();
            foreach (var data in events)
            {
                reader.Read(data, part);

                var alone = new AnswerEvent();
                new AnswerReader(discard, keepUnknown: false).Read(data, alone);
                Describe(part).ShouldBe(Describe(alone), Encoding.UTF8.GetString(data));
            }
        }
    }

    static string Describe(AnswerEvent part)
    {
        var text = new StringBuilder().Append(part.ChoiceCount).Append(part.Usage).Append(part.Error).Append(part.Timing).Append(part.Fingerprint);
        text.AppendJoin(',', part.PromptTokenIds ?? []).Append(part.PromptLogprobs).Append(part.HasChoices);
        for (var i = 0; i < part.ChoiceCount; i++)
        {
            var choice = part[i];
            text.Append('|').Append(choice.Index).Append('|').Append(choice.Text ?? "null").Append('|').Append(choice.TextLength).Append('|')
                .Append(choice.Reasoning ?? "null").Append('|').Append(choice.ReasoningLength).Append('|').Append(choice.ToolLength).Append('|')
                .Append(choice.Role).Append('|').Append(choice.FinishReason).Append('|').Append(choice.StopReason).Append('|')
                .AppendJoin(',', choice.TokenIds ?? []).Append('|').Append(choice.Logprobs.Describe()).Append('|').Append(choice.Kinds);
            foreach (var call in choice.ToolCalls ?? []) text.Append(call);
        }

        return text.ToString();
    }

    static List<byte[]> Events(byte[] body) =>
        [.. Encoding.UTF8.GetString(body).Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(Data)];

    static byte[] Data(string sse) => Encoding.UTF8.GetBytes(sse.Trim()["data: ".Length..]);
}

using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Vllm.Testing;

namespace Vllm.Tests.Recorded;

/// <summary>Every recorded stream, cut off at every byte: it never ends normally before its marker, and the exception says what had arrived.</summary>
public class CutStreamTests
{
    public static TheoryData<string> Streams => RecordedAnswerTests.Streams;

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Cut_off_at_any_byte_a_stream_never_ends_normally(string name)
    {
        var body = Recording.Load(name).Body;
        var marker = body.AsSpan().IndexOf("data: [DONE]"u8);
        var last = marker < 0 ? body.Length : marker + "data: [DONE]".Length - 1;
        var arrived = Arrived.Of(body);
        using var client = Client(body, out var end);

        for (end.Value = 0; end.Value <= last; end.Value++)
        {
            var failure = await FailAsync(client, name);

            var soFar = arrived.Last(state => state.From <= end.Value);
            if (failure.Reason != soFar.Reason) failure.Reason.ShouldBe(soFar.Reason, $"cut off at byte {end.Value}");
            if ((failure.PartialText ?? "") != soFar.Text) (failure.PartialText ?? "").ShouldBe(soFar.Text, $"cut off at byte {end.Value}");
            if (failure.PartialResult is null && soFar.Text.Length > 0) failure.PartialResult.ShouldNotBeNull($"cut off at byte {end.Value}");
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task With_the_whole_marker_a_stream_ends_as_recorded(string name)
    {
        var body = Recording.Load(name).Body;
        var marker = body.AsSpan().IndexOf("data: [DONE]"u8);
        if (marker < 0) return;
        var expected = Arrived.Of(body)[^1];
        using var client = Client(body, out var end);
        end.Value = marker + "data: [DONE]".Length;

        if (expected.Reason != VllmStreamFailure.Truncated) (await FailAsync(client, name)).Reason.ShouldBe(expected.Reason);
        else await ReadAsync(client, name);
    }

    static VllmClient Client(byte[] body, out StrongBox<int> end)
    {
        var box = end = new StrongBox<int>(0);
        return new ScriptedHandler().Streams(() => new MemoryStream(body, 0, box.Value)).Client();
    }

    static Task<VllmStreamException> FailAsync(VllmClient client, string name) => Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client, name));

    static async Task ReadAsync(VllmClient client, string name)
    {
        if (name.StartsWith("completion", StringComparison.Ordinal))
        {
            await foreach (var _ in client.CompleteStreamAsync("Once"))
            {
            }

            return;
        }

        await foreach (var _ in client.ChatStreamAsync("Hi"))
        {
        }
    }

    /// <summary>What a reader has from a place in the body on, worked out with <see cref="JsonDocument"/> and nothing of the client's.</summary>
    sealed record Arrived(int From, VllmStreamFailure Reason, string Text)
    {
        internal static List<Arrived> Of(byte[] body)
        {
            var states = new List<Arrived> { new(0, VllmStreamFailure.Truncated, "") };
            var text = new StringBuilder();
            var reason = VllmStreamFailure.Truncated;
            var start = 0;
            while (body.AsSpan(start).IndexOf("\n\n"u8) is >= 0 and var length)
            {
                var line = body.AsSpan(start, length);
                start += length + 2;
                if (!line.StartsWith("data: {"u8)) continue;
                using var json = JsonDocument.Parse(line["data: ".Length..].ToArray());
                if (json.RootElement.TryGetProperty("error", out _)) reason = VllmStreamFailure.ServerError;
                else Take(json.RootElement, text, ref reason);
                states.Add(new(start, reason, text.ToString()));
                if (reason != VllmStreamFailure.Truncated) break;
            }

            return states;
        }

        static void Take(JsonElement json, StringBuilder text, ref VllmStreamFailure reason)
        {
            foreach (var choice in json.GetProperty("choices").EnumerateArray())
            {
                if (choice.TryGetProperty("finish_reason", out var finish) && finish.ValueKind == JsonValueKind.String && finish.GetString() == "abort") reason = VllmStreamFailure.Aborted;
                if (choice.GetProperty("index").GetInt32() != 0) continue;
                var piece = choice.TryGetProperty("delta", out var delta) ? (delta.TryGetProperty("content", out var content) ? content : default) : choice.GetProperty("text");
                if (piece.ValueKind == JsonValueKind.String) text.Append(piece.GetString());
            }
        }
    }
}

using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vllm.Simulator;
using Vllm.Testing;

namespace Vllm.Tests.Wire;

public sealed partial class RecordingTests
{
    // The recorded server's settings, as the recordings' README lists them.
    static SimulatorOptions Recorded() => new()
    {
        Model = "tiny",
        MaxModelLen = 16384,
        BlockSize = 128,
        Blocks = 8192,
        RequestIdHeaders = true,
        PromptTokenDetails = true,
        LoadTracking = true,
    };

    static SimulatorOptions Strict() => new() { Model = "tiny", ApiKeys = { "k1" }, QueueLimit = 0 };

    [Theory]
    [InlineData("error-bad-json")]
    [InlineData("error-completion-empty-prompt")]
    [InlineData("error-content-type")]
    [InlineData("error-embeddings-on-generate-model")]
    [InlineData("error-empty-messages")]
    [InlineData("error-empty-tools")]
    [InlineData("error-image-for-text-model")]
    [InlineData("error-lone-surrogate")]
    [InlineData("error-max-tokens-too-large")]
    [InlineData("error-max-tokens-zero")]
    [InlineData("error-method-405")]
    [InlineData("error-model-404")]
    [InlineData("error-no-messages")]
    [InlineData("error-not-object")]
    [InlineData("error-path-404")]
    [InlineData("error-stream-options-without-stream")]
    [InlineData("error-temperature")]
    [InlineData("error-too-long")]
    [InlineData("health")]
    [InlineData("ping")]
    [InlineData("version")]
    [InlineData("load-idle")]
    public async Task Refuses_and_reports_in_the_recorded_bytes(string name)
    {
        var recording = Recording.Load(name);

        var answer = await ReplayAsync(recording, Recorded());

        answer.Head.ShouldBe(Mask(recording.Head));
        answer.Body.ShouldBe(Encoding.UTF8.GetString(recording.Body));
    }

    [Theory]
    [InlineData("error-queue-full")]
    [InlineData("error-stream-queue-full")]
    [InlineData("error-no-key-401")]
    public async Task Refuses_as_the_guarded_server_did(string name)
    {
        var recording = Recording.Load(name);

        var answer = await ReplayAsync(recording, Strict());

        answer.Head.ShouldBe(Mask(recording.Head));
        answer.Body.ShouldBe(Encoding.UTF8.GetString(recording.Body));
    }

    [Theory]
    [InlineData("chat-basic")]
    [InlineData("chat-no-model")]
    [InlineData("chat-unknown-field")]
    [InlineData("chat-content-parts")]
    [InlineData("chat-request-id")]
    [InlineData("completion-basic")]
    [InlineData("completion-batch-n2")]
    [InlineData("models")]
    public async Task Answers_with_the_recorded_head_keys_and_nulls(string name)
    {
        var recording = Recording.Load(name);

        var answer = await ReplayAsync(recording, Recorded());

        answer.Head.ShouldBe(Mask(recording.Head));
        Shape(answer.Body).ShouldBe(Shape(Encoding.UTF8.GetString(recording.Body)));
    }

    [Theory]
    [InlineData("chat-stream-usage")]
    [InlineData("chat-stream-n2")]
    [InlineData("completion-stream-usage")]
    public async Task Streams_the_recorded_events(string name)
    {
        var recording = Recording.Load(name);

        var answer = await ReplayAsync(recording, Recorded());

        answer.Head.ShouldBe(Mask(recording.Head));
        Choices(answer.Body).ShouldBe(Choices(Encoding.UTF8.GetString(recording.Body)));
    }

    [Fact]
    public async Task Puts_the_fingerprint_into_the_last_finish_when_no_usage_is_asked()
    {
        var recording = Recording.Load("chat-stream-basic");

        var answer = await ReplayAsync(recording, Recorded());

        // One recorded token is half a character and has no event, so the kinds are compared and not their number.
        Choices(answer.Body).Distinct().ShouldBe(Choices(Encoding.UTF8.GetString(recording.Body)).Distinct());
    }

    [Fact]
    public async Task Answers_Chinese_in_Chinese_with_the_recorded_kinds_of_events()
    {
        var recording = Recording.Load("chat-stream-chinese");

        // The tiny model writes Chinese because it is made to. The simulator refuses that constraint, and writes Chinese because it is asked in Chinese.
        var body = Encoding.UTF8.GetString(recording.RequestBody).Replace(",\"structured_outputs\":{\"regex\":\"[一-龥]{12}\"}", "", StringComparison.Ordinal);
        var answer = await ReplayAsync(recording, Encoding.UTF8.GetBytes(body), Recorded(), ("x-simulator", "tokens=13"));

        // The recorded text is made of three tokens a character and the simulator's of one, so only the kinds are alike.
        Choices(answer.Body).ShouldBe(Choices(Encoding.UTF8.GetString(recording.Body)).Select(line => line.Replace("\"stop_reason\":0", "\"stop_reason\":null", StringComparison.Ordinal)));
        Texts(answer.Body).ShouldAllBe(text => text.Length == 1 && text[0] >= '\u4E00' && text[0] <= '\u9FFF');
    }

    static Task<(string Head, string Body)> ReplayAsync(Recording recording, SimulatorOptions options, params (string Name, string Value)[] more) =>
        ReplayAsync(recording, recording.RequestBody, options, more);

    static async Task<(string Head, string Body)> ReplayAsync(Recording recording, byte[] body, SimulatorOptions options, params (string Name, string Value)[] more)
    {
        await Task.CompletedTask;
        var time = new VirtualTimeProvider();
        await using var server = new VllmSimulator(options, time);
        using var client = server.Client();
        var answer = time.Run(() => Ask.SendAsync(client, ToMessage(recording, body, more), time));
        var reason = ReasonOf(answer.Status);
        var head = answer.Headers.Select(header => $"{header.Key}: {header.Value}");
        return (Mask($"HTTP/1.1 {answer.Status} {reason}\r\n" + string.Join("\r\n", head)), answer.Body);
    }

    static string ReasonOf(int status) => new HttpResponseMessage((System.Net.HttpStatusCode)status).ReasonPhrase!;

    static HttpRequestMessage ToMessage(Recording recording, byte[] body, (string Name, string Value)[] more)
    {
        var lines = HttpBytes.SplitMessage(recording.Request).Head.Split("\r\n");
        var parts = lines[0].Split(' ');
        var message = new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]);
        if (body.Length > 0)
        {
            message.Content = new ByteArrayContent(body);
        }

        foreach (var line in lines.Skip(1).Where(line => !line.StartsWith("Host", StringComparison.Ordinal) && !line.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase)))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (!message.Headers.TryAddWithoutValidation(line[..colon], line[(colon + 2)..]))
            {
                message.Content?.Headers.TryAddWithoutValidation(line[..colon], line[(colon + 2)..]);
            }
        }

        foreach (var (name, value) in more)
        {
            message.Headers.Add(name, value);
        }

        return message;
    }

    /// <summary>Headers sorted, since HttpClient keeps two lists; their values masked where they differ by nature.</summary>
    static string Mask(string head)
    {
        var lines = head.Split("\r\n");
        var headers = lines.Skip(1).Order(StringComparer.Ordinal)
            .Select(line => Changing().Replace(line, "$1: *"))
            .Select(line => lines[0].Contains(" 200 ", StringComparison.Ordinal) ? Length().Replace(line, "content-length: *") : line);
        return string.Join("\n", headers.Prepend(lines[0]));
    }

    /// <summary>The JSON with every text, id, time and count masked: key order, nulls and finish reasons remain.</summary>
    static string Shape(string json)
    {
        json = Id().Replace(json, "$1*\"");
        json = Time().Replace(json, "\"created\":*");
        json = Text().Replace(json, "\"$1\":*");
        return PromptTokens().Replace(json, "\"$1\":*");
    }

    /// <summary>Per choice the events in order, masked, then those of no choice: choices of one answer interleave as they like.</summary>
    static IReadOnlyList<string> Choices(string body) =>
    [
        .. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => NoText().Replace(Shape(line), "\"text\":*"))
            .GroupBy(line => Index().Match(line).Value)
            .OrderBy(group => group.Key.Length == 0 ? "~" : group.Key, StringComparer.Ordinal)
            .SelectMany(group => group),
    ];

    static IEnumerable<string> Texts(string body)
    {
        foreach (var line in body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            using var json = JsonDocument.Parse(line["data: ".Length..]);
            foreach (var choice in json.RootElement.GetProperty("choices").EnumerateArray())
            {
                if (choice.GetProperty("delta").TryGetProperty("content", out var content) && content.GetString() is { Length: > 0 } text)
                {
                    yield return text;
                }
            }
        }
    }

    [GeneratedRegex("^(date|x-request-id): .*$")]
    private static partial Regex Changing();

    [GeneratedRegex("^content-length: .*$")]
    private static partial Regex Length();

    [GeneratedRegex("(\"(?:chatcmpl|cmpl|modelperm)-)[0-9a-z-]+\"")]
    private static partial Regex Id();

    [GeneratedRegex("\"created\":\\d+")]
    private static partial Regex Time();

    [GeneratedRegex("\"(content|text|root)\":\"(?!\"\\},\"logprobs\":null,\"finish_reason\":null\\}\\])(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Text();

    [GeneratedRegex("\"text\":\"\"")]
    private static partial Regex NoText();

    [GeneratedRegex("\"(prompt_tokens|total_tokens|completion_tokens)\":\\d+")]
    private static partial Regex PromptTokens();

    [GeneratedRegex("\"index\":\\d+")]
    private static partial Regex Index();
}

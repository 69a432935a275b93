using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Vllm.Testing;

namespace Vllm.Tests.Audio;

/// <summary>Transcriptions: the form that is sent, byte for byte, and the answers.</summary>
public class TranscriptionTests
{
    static readonly byte[] Sound = [0, 255, 13, 10, 45, 45, 128];

    [Fact]
    public async Task The_form_holds_the_bytes_of_the_file_and_nothing_that_was_not_set()
    {
        var handler = Answering("""{"text":"Hello.","usage":{"type":"duration","seconds":12}}""");
        using var client = handler.Client();

        var result = await client.TranscribeAsync(new() { Audio = Sound }, cancellationToken: TestContext.Current.CancellationToken);

        handler.Request.Method.ShouldBe("POST");
        handler.Request.Path.ShouldBe("/v1/audio/transcriptions");
        var boundary = Boundary(handler.Request);
        var expected = Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"audio.wav\"\r\nContent-Type: application/octet-stream\r\n\r\n")
            .Concat(Sound).Concat(Encoding.UTF8.GetBytes($"\r\n--{boundary}--\r\n"));
        handler.Request.Body.ShouldBe(expected);
        handler.Request.Headers["Content-Length"].ShouldBe(handler.Request.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        result.Text.ShouldBe("Hello.");
        result.ToString().ShouldBe("Hello.");
        result.Duration.ShouldBe(TimeSpan.FromSeconds(12));
        result.Usage.ShouldBeNull();
        result.Language.ShouldBeNull();
        result.Segments.ShouldBeEmpty();
        result.Words.ShouldBeEmpty();
        result.AdditionalProperties.ShouldBeEmpty();
        result.Info.StatusCode.ShouldBe(200);
    }

    [Fact]
    public async Task Every_field_has_the_servers_name()
    {
        var handler = Answering("""{"text":""}""");
        using var client = handler.Client();

        await client.TranscribeAsync(
            new()
            {
                Model = "whisper",
                Audio = Sound,
                FileName = "a \"b\"\r\nü.mp3",
                Translate = true,
                Language = "de",
                ToLanguage = "en",
                Prompt = "Grüße\r\nan",
                ResponseFormat = "verbose_json",
                TimestampGranularities = ["segment", "word"],
                Temperature = 0,
                TopP = 0.5,
                TopK = -1,
                MinP = 0.25,
                Seed = long.MaxValue,
                FrequencyPenalty = 0.1,
                PresencePenalty = -0.1,
                RepetitionPenalty = 1.5,
                MaxTokens = 7,
                VllmXargs = new() { ["a"] = 1 },
                ExtraBody = new() { ["language"] = "fr", ["hotwords"] = new JsonArray("x", 2), ["b"] = true, ["c"] = new JsonObject { ["d"] = 1.5 } },
            },
            cancellationToken: TestContext.Current.CancellationToken);

        handler.Request.Path.ShouldBe("/v1/audio/translations");
        var parts = Parts(handler.Request);
        parts.Select(part => part.Name).ShouldBe([
            "model", "file", "to_language", "prompt", "response_format", "timestamp_granularities[]", "timestamp_granularities[]", "temperature", "top_p", "top_k", "min_p", "seed",
            "frequency_penalty", "presence_penalty", "repetition_penalty", "max_completion_tokens", "vllm_xargs", "language", "hotwords", "hotwords", "b", "c"]);
        parts.Where(part => part.Name != "file").Select(part => part.Value).ShouldBe([
            "whisper", "en", "Grüße\r\nan", "verbose_json", "segment", "word", "0", "0.5", "-1", "0.25", "9223372036854775807", "0.1", "-0.1", "1.5", "7", """{"a":1}""", "fr", "x", "2", "true", """{"d":1.5}"""]);
        parts[1].Head.ShouldBe("Content-Disposition: form-data; name=\"file\"; filename=\"a %22b%22%0D%0Aü.mp3\"\r\nContent-Type: application/octet-stream");
    }

    [Fact]
    public async Task Pieces_and_words_with_their_times()
    {
        using var client = Answering(
            """{"text":"Hi there","language":"en","duration":"1.5","task":"transcribe","segments":[{"id":0,"seek":0,"start":0.0,"end":1.25,"text":" Hi","tokens":[1,2],"temperature":0.0,"avg_logprob":-0.5,"compression_ratio":1.1,"no_speech_prob":0.01},{}],"words":[{"word":"Hi","start":0.25,"end":0.5},{"word":null}]}""").Client();

        var result = await client.TranscribeAsync(new() { Audio = Sound }, cancellationToken: TestContext.Current.CancellationToken);

        result.Text.ShouldBe("Hi there");
        result.Language.ShouldBe("en");
        result.Duration.ShouldBe(TimeSpan.FromSeconds(1.5));
        result.AdditionalProperties["task"].GetString().ShouldBe("transcribe");
        result.Segments.Count.ShouldBe(2);
        var segment = result.Segments[0];
        (segment.Id, segment.Start, segment.End, segment.Text).ShouldBe((0, TimeSpan.Zero, TimeSpan.FromSeconds(1.25), " Hi"));
        (segment.Temperature, segment.AverageLogprob, segment.CompressionRatio, segment.NoSpeechProbability).ShouldBe((0, -0.5, 1.1, 0.01));
        segment.Tokens.ShouldBe([1, 2]);
        result.Segments[1].Tokens.ShouldBeEmpty();
        result.Segments[1].Start.ShouldBeNull();
        result.Words.ShouldBe([new() { Word = "Hi", Start = TimeSpan.FromSeconds(0.25), End = TimeSpan.FromSeconds(0.5) }, new()]);
    }

    [Theory]
    [InlineData("Only text.", "text/plain; charset=utf-8", "Only text.")]
    [InlineData("\"Quoted\\n\"", "application/json", "Quoted\n")]
    [InlineData("""{"text":"T","usage":{"type":"tokens","prompt_tokens":1,"total_tokens":3}}""", "application/json", "T")]
    public async Task A_text_alone(string body, string type, string expected)
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, body, type).Client();

        (await client.TranscribeAsync(new() { Audio = Sound, ResponseFormat = "text" }, cancellationToken: TestContext.Current.CancellationToken)).Text.ShouldBe(expected);
    }

    [Fact]
    public async Task Tokens_are_counted_where_the_server_counts_them()
    {
        using var client = Answering("""{"text":"T","usage":{"type":"tokens","prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""").Client();

        var result = await client.TranscribeAsync(new() { Audio = Sound }, cancellationToken: TestContext.Current.CancellationToken);

        result.Usage.ShouldBe(new Usage { PromptTokens = 1, CompletionTokens = 2, TotalTokens = 3 });
        result.Duration.ShouldBeNull();
    }

    [Theory]
    [InlineData("{}", "application/json")]
    [InlineData("""{"text":null}""", "application/json")]
    [InlineData("<html>", "text/html")]
    [InlineData("\"a\" b", "application/json")]
    [InlineData("""{"error":{"message":"No."}}""", "application/json")]
    public async Task What_is_no_answer_is_an_exception(string body, string type)
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, body, type).Client();

        await Should.ThrowAsync<VllmApiException>(() => client.TranscribeAsync(new() { Audio = Sound }));
    }

    [Fact]
    public async Task Over_a_socket_the_form_arrives_whole()
    {
        var answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{\"text\":\"x\"}";
        await using var server = new ScriptedServer([ServerStep.Send(Encoding.ASCII.GetBytes(answer))]);
        using var client = server.Client();

        await client.TranscribeAsync(new() { Audio = Sound }, cancellationToken: TestContext.Current.CancellationToken);

        Parts(server.Request)[0].Name.ShouldBe("file");
        server.Request.Headers["Content-Type"].ShouldStartWith("multipart/form-data; boundary=");
    }

    static ScriptedHandler Answering(string body) => new ScriptedHandler().Answers(HttpStatusCode.OK, body);

    static string Boundary(ReceivedRequest request) => request.Headers["Content-Type"].Split("boundary=")[1].Trim('"');

    static List<(string Name, string Head, string Value)> Parts(ReceivedRequest request)
    {
        var parts = new List<(string, string, string)>();
        foreach (var part in request.Text.Split($"--{Boundary(request)}")[1..^1])
        {
            var (head, value) = (part[2..part.IndexOf("\r\n\r\n", StringComparison.Ordinal)], part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..^2]);
            parts.Add((head.Split("name=\"")[1].Split('"')[0], head, value));
        }

        return parts;
    }
}

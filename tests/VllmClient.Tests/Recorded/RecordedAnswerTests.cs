using Vllm.Testing;

namespace Vllm.Tests.Recorded;

/// <summary>Every recorded answer of chats and completions, member by member, over a socket with its own framing and in memory byte by byte.</summary>
public class RecordedAnswerTests
{
    static readonly Dictionary<string, string> Expected = Load();

    public static TheoryData<string> Whole => [.. Expected.Keys.Where(name => !IsStream(name))];

    public static TheoryData<string> Streams => [.. Expected.Keys.Where(IsStream)];

    /// <summary>The streams that end as they should.</summary>
    internal static IEnumerable<string> WholeStreams => Expected.Where(one => IsStream(one.Key) && one.Value.StartsWith("id ", StringComparison.Ordinal)).Select(one => one.Key);

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task A_whole_answer(string name)
    {
        await using var server = ReplayServer.Of(name);
        using var client = server.Client();

        var answer = name.StartsWith("completion", StringComparison.Ordinal)
            ? AnswerText.Of(await client.CompleteAsync("Once", cancellationToken: TestContext.Current.CancellationToken))
            : AnswerText.Of(await client.ChatAsync("Hi", cancellationToken: TestContext.Current.CancellationToken));

        answer.ShouldBe(Expected[name]);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_stream_over_a_socket(string name)
    {
        await using var server = ReplayServer.Of(name);
        using var client = server.Client();
        // The server of this recording sends no more and waits for the client, whose patience has to end.
        var options = Recording.Load(name).End == RecordingEnd.CutByClient ? new VllmRequestOptions { StreamIdleTimeout = TimeSpan.FromMilliseconds(300) } : null;

        var answer = await ReadAsync(client, name, options);

        answer.ShouldBe(Expected[name]);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_stream_byte_by_byte(string name)
    {
        var body = Recording.Load(name).Body;
        using var client = new ScriptedHandler().Streams(() => TrickleStream.ByteByByte(body)).Client();

        var answer = await ReadAsync(client, name, null);

        answer.ShouldBe(Expected[name]);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_stream_as_a_gateway_gives_it_in_one_read(string name)
    {
        var body = Recording.Load(name).Body;
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(body)).Client();

        var answer = await ReadAsync(client, name, null);

        answer.ShouldBe(Expected[name]);
    }

    static async Task<string> ReadAsync(VllmClient client, string name, VllmRequestOptions? options)
    {
        var token = TestContext.Current.CancellationToken;
        try
        {
            return name.StartsWith("completion", StringComparison.Ordinal)
                ? AnswerText.Of(await client.CompleteStreamAsync("Once", options, token).ToResultAsync(cancellationToken: token))
                : AnswerText.Of(await client.ChatStreamAsync("Hi", options, token).ToResultAsync(cancellationToken: token));
        }
        catch (VllmStreamException failure)
        {
            return AnswerText.Of(failure);
        }
        catch (VllmTimeoutException failure) when (options is not null)
        {
            return "truncated\n" + AnswerText.Of(failure.PartialResult.ShouldBeOfType<ChatResult>());
        }
    }

    static bool IsStream(string name) => name.Contains("stream", StringComparison.Ordinal);

    static Dictionary<string, string> Load() => File.ReadAllText(RepositoryFiles.Path("tests", "Recordings", "expected", "answers.txt"))
        .Split("== ", StringSplitOptions.RemoveEmptyEntries)
        .Select(section => section.Split('\n', 2))
        .ToDictionary(section => section[0], section => section[1].TrimEnd('\n'));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Vllm.Testing;

namespace Vllm.Tests.Http;

/// <summary>Where a stream of any path may end without a marker, and where it is truncated.</summary>
public class RawStreamEndTests
{
    const string Open = """data: {"n":1}""" + "\n\n";
    const string Created = """data: {"type":"response.created","response":{"status":"in_progress"}}""" + "\n\n";
    const string Delta = """data: {"type":"response.output_text.delta","delta":"Hi"}""" + "\n\n";
    const string Completed = """data: {"type":"response.completed","response":{"status":"completed"}}""" + "\n\n";
    const string MessageStart = """data: {"type":"message_start","message":{}}""" + "\n\n";
    const string MessageStop = """data: {"type":"message_stop"}""" + "\n\n";
    const string Head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("last chunk", true)]
    [InlineData("length", true)]
    [InlineData("cut chunk", false)]
    [InlineData("no last chunk", false)]
    [InlineData("short of its length", false)]
    [InlineData("close", false)]
    [InlineData("reset", false)]
    public async Task Without_the_marker_a_stream_of_an_unknown_kind_is_whole_only_if_its_body_ended_properly(string end, bool isWhole)
    {
        await using var server = new ScriptedServer(End(end));
        using var client = server.Client(options => options.RequireDone = false);

        if (isWhole) (await ReadAsync(client)).Count.ShouldBe(1);
        else (await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client))).Reason.ShouldBe(VllmStreamFailure.Truncated);
    }

    [Theory]
    [InlineData("last chunk")]
    [InlineData("length")]
    public async Task With_RequireDone_a_proper_end_of_the_body_is_not_enough(string end)
    {
        await using var server = new ScriptedServer(End(end));
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client));

        failure.Message.ShouldContain("RequireDone");
    }

    [Theory]
    [InlineData(false, Created, Delta)]
    [InlineData(false, Created, Delta, SseText.Done)]
    [InlineData(true, Created, Delta, Completed)]
    [InlineData(true, Created, Delta, Completed, SseText.Done)]
    [InlineData(false, MessageStart)]
    [InlineData(false, MessageStart, SseText.Done)]
    [InlineData(true, MessageStart, MessageStop)]
    public async Task A_stream_of_a_kind_with_a_last_event_ends_with_that_event_alone(bool isWhole, params string[] events)
    {
        await using var server = new ScriptedServer([ServerStep.Send(HttpBytes.Stream(events))]);
        foreach (var requireDone in new[] { false, true })
        {
            using var client = server.Client(options => options.RequireDone = requireDone);

            if (isWhole)
            {
                (await ReadAsync(client)).Count.ShouldBe(events.Count(one => one != SseText.Done));
                continue;
            }

            var failure = await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client));
            failure.Reason.ShouldBe(VllmStreamFailure.Truncated);
            failure.Message.ShouldNotContain("RequireDone");
        }
    }

    [Theory]
    [InlineData(false, Created, Delta)]
    [InlineData(false, Created, Delta, SseText.Done)]
    [InlineData(true, Created, Delta, Completed)]
    public async Task A_typed_response_ends_with_its_last_event_alone(bool isWhole, params string[] events)
    {
        await using var server = new ScriptedServer([ServerStep.Send(HttpBytes.Stream(events))]);
        using var client = server.Client(options => options.RequireDone = false);
        var reading = () => client.Responses.StreamAsync(new() { Input = "Hi" }, cancellationToken: Token).ToListAsync(Token).AsTask();

        if (isWhole) (await reading()).Count.ShouldBe(events.Length);
        else (await Should.ThrowAsync<VllmStreamException>(reading)).Reason.ShouldBe(VllmStreamFailure.Truncated);
    }

    [Fact]
    public async Task A_body_that_ended_properly_without_any_event_is_no_answer()
    {
        await using var server = new ScriptedServer([ServerStep.Send(HttpBytes.Stream(SseText.KeepAlive))]);
        using var client = server.Client(options => options.RequireDone = false);

        (await Should.ThrowAsync<VllmStreamException>(() => ReadAsync(client))).Reason.ShouldBe(VllmStreamFailure.Truncated);
    }

    static ServerStep[] End(string end) => end switch
    {
        "last chunk" => [ServerStep.Send(HttpBytes.Stream(Open))],
        "length" => [ServerStep.Send($"{Head}content-length: {Open.Length}\r\n\r\n{Open}")],
        "cut chunk" => [ServerStep.Send((byte[])[.. HttpBytes.StreamHead, .. HttpBytes.Chunk(Open), (byte)'4']), ServerStep.Close],
        "no last chunk" => [ServerStep.Send((byte[])[.. HttpBytes.StreamHead, .. HttpBytes.Chunk(Open)]), ServerStep.Close],
        "short of its length" => [ServerStep.Send($"{Head}content-length: {Open.Length + 1}\r\n\r\n{Open}"), ServerStep.Close],
        "close" => [ServerStep.Send($"{Head}connection: close\r\n\r\n{Open}"), ServerStep.Close],
        _ => [ServerStep.Send((byte[])[.. HttpBytes.StreamHead, .. HttpBytes.Chunk(Open)]), ServerStep.Reset],
    };

    static async Task<List<JsonElement>> ReadAsync(VllmClient client) =>
        await client.SendStreamAsync("x", new JsonObject(), cancellationToken: Token).ToListAsync(Token);
}

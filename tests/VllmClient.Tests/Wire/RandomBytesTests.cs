using Vllm.Testing;

namespace Vllm.Tests.Wire;

/// <summary>Whatever bytes come, a call ends, and ends in an answer or in an exception of the family.</summary>
public class RandomBytesTests
{
    // Ten thousand in the gate; the environment can ask for more, such as a million before a release.
    static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("VLLM_FUZZ_CASES"), out var cases) ? cases : 10_000;

    static readonly string[] Streams = ["chat-stream-usage", "chat-stream-n2", "chat-stream-tool-auto-two", "chat-stream-interval-4-ids", "chat-stream-engine-dies", "chat-stream-logprobs"];

    static readonly string[] Answers = ["chat-basic", "chat-tool-auto", "chat-per-request-metrics", "chat-stop-token", "error-temperature", "error-no-key-401"];

    [Fact]
    public async Task Mutated_streams_end_and_throw_nothing_foreign()
    {
        var bodies = Streams.Select(name => Recording.Load(name).Body).ToArray();
        var random = new Random(20261124);
        byte[] body = [];
        var handler = new ScriptedHandler().Streams(() => TrickleStream.SplitAt(body, random.Next(body.Length), random.Next(body.Length)));
        using var client = handler.Client(options => options.MaxRetries = 0);

        for (var i = 0; i < Cases; i++)
        {
            body = Mutations.Of(bodies[i % bodies.Length], random);
            try
            {
                await foreach (var update in client.ChatStreamAsync("Hello", new() { DiscardText = i % 3 == 0 }, TestContext.Current.CancellationToken)) update.TextBytes.ShouldBeGreaterThanOrEqualTo(0);
            }
            catch (VllmException)
            {
                // The one allowed kind of failure.
            }
        }
    }

    [Fact]
    public async Task Mutated_answers_end_and_throw_nothing_foreign()
    {
        var recordings = Answers.Select(Recording.Load).ToArray();
        var random = new Random(42);
        var (recording, body) = (recordings[0], Array.Empty<byte>());
        var handler = new ScriptedHandler().Answers(() =>
        {
            var response = recording.ToResponse(new MemoryStream(body));
            response.Content.Headers.ContentLength = null;
            return response;
        });
        using var client = handler.Client(options => options.MaxRetries = 0);

        for (var i = 0; i < Cases; i++)
        {
            recording = recordings[i % recordings.Length];
            body = Mutations.Of(recording.Body, random);
            try
            {
                (await client.ChatAsync("Hello", cancellationToken: TestContext.Current.CancellationToken)).ShouldNotBeNull();
            }
            catch (VllmException)
            {
                // The one allowed kind of failure.
            }
        }
    }
}

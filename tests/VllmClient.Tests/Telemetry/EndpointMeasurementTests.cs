using System.Net;
using System.Text.Json.Nodes;
using Vllm.Testing;

namespace Vllm.Tests.Telemetry;

/// <summary>What is measured of calls that generate no chat or completion.</summary>
public sealed class EndpointMeasurementTests : IDisposable
{
    const string Duration = "gen_ai.client.operation.duration";
    const string Tokens = "gen_ai.client.token.usage";

    static readonly Dictionary<string, (string Answer, int? Tokens, string? Answered, Func<VllmClient, Task> Call)> Calls = new()
    {
        ["embeddings"] = ("""{"model":"m1","data":[],"usage":{"prompt_tokens":18,"total_tokens":18,"completion_tokens":0}}""", 18, "m1", client => client.EmbedAsync("x")),
        ["rerank"] = ("""{"model":"m1","results":[],"usage":{"prompt_tokens":22,"total_tokens":22}}""", 22, "m1", client => client.RerankAsync(new() { Query = "q", Documents = ["d"] })),
        ["score"] = ("""{"model":"m1","data":[],"usage":{"prompt_tokens":7,"total_tokens":7}}""", 7, "m1", client => client.ScoreAsync(new() { Queries = ["q"], Documents = ["d"] })),
        ["classify"] = ("""{"model":"m1","data":[],"usage":{"prompt_tokens":5,"total_tokens":5}}""", 5, "m1", client => client.ClassifyAsync("x")),
        ["pooling"] = ("""{"model":"m1","data":[],"usage":{"prompt_tokens":4,"total_tokens":4}}""", 4, "m1", client => client.PoolAsync("x")),
        ["transcription"] = ("""{"text":"x","usage":{"type":"duration","seconds":3}}""", null, null, client => client.TranscribeAsync(new() { Audio = new byte[] { 1 } })),
        ["tokenize"] = ("""{"tokens":[1]}""", null, null, client => client.TokenizeAsync("x")),
        ["detokenize"] = ("""{"prompt":"x"}""", null, null, client => client.DetokenizeAsync(new() { Tokens = [1] })),
        ["custom"] = ("""{"model":"m1","usage":{"prompt_tokens":4,"total_tokens":4}}""", null, null, client => client.SendAsync(HttpMethod.Post, "/x", new JsonObject { ["model"] = "d" })),
    };

    readonly MeasuredClient _measured = new();

    public static TheoryData<string> Operations => [.. Calls.Keys];

    public void Dispose() => _measured.Dispose();

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_call_is_one_duration_with_its_tokens(string operation)
    {
        var (answer, tokens, answered, call) = Calls[operation];
        using var client = Client(new ScriptedHandler().Answers(HttpStatusCode.OK, answer));

        await call(client);

        var duration = Of(Duration).ShouldHaveSingleItem();
        duration["gen_ai.operation.name"].ShouldBe(operation);
        duration["gen_ai.request.model"].ShouldBe("d");
        duration["gen_ai.response.model"].ShouldBe(answered);
        duration["error.type"].ShouldBeNull();
        Of(Tokens).Select(one => (one.Value, one["gen_ai.token.type"])).ShouldBe(tokens is { } count ? [((double)count, (object?)"input")] : []);
        _measured.Recorded.Except([Duration, Tokens, "vllm.client.usage.missing"]).ShouldBeEmpty();
        Of("vllm.client.usage.missing").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_refused_call_has_its_status(string operation)
    {
        using var client = Client(new ScriptedHandler().Answers(HttpStatusCode.BadRequest, """{"error":{"message":"No.","code":400}}"""));

        await Should.ThrowAsync<VllmValidationException>(() => Calls[operation].Call(client));

        Of(Duration).ShouldHaveSingleItem()["error.type"].ShouldBe("400");
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_unreadable_answer_is_no_success(string operation)
    {
        using var client = Client(new ScriptedHandler().Answers(HttpStatusCode.OK, "{"));

        await Should.ThrowAsync<VllmApiException>(() => Calls[operation].Call(client));

        Of(Duration).ShouldHaveSingleItem()["error.type"].ShouldBe("invalid_response");
    }

    [Fact]
    public async Task A_stream_of_any_path_is_one_duration()
    {
        using var client = Client(new ScriptedHandler().Streams(BodyStep.Text(SseText.Last("Hi") + SseText.Usage(1, 2) + SseText.Done)));

        await client.SendStreamAsync("/x", new JsonObject(), cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        _measured.Recorded.ShouldBe([Duration]);
        var duration = Of(Duration).Single();
        duration["gen_ai.operation.name"].ShouldBe("custom");
        duration["error.type"].ShouldBeNull();
    }

    [Fact]
    public async Task Every_end_of_a_stream_of_any_path_has_its_name()
    {
        using var cut = Client(new ScriptedHandler().Streams(BodyStep.Text(SseText.Text("Hi"))));
        using var broken = Client(new ScriptedHandler().Streams(BodyStep.Text(SseText.EngineDied + SseText.Done)));
        using var left = Client(new ScriptedHandler().Streams(BodyStep.Text(SseText.Text("Hi")), BodyStep.Hang()));

        await Should.ThrowAsync<VllmStreamException>(async () => await cut.SendStreamAsync("/x", new JsonObject()).ToListAsync());
        await Should.ThrowAsync<VllmStreamException>(async () => await broken.SendStreamAsync("/x", new JsonObject()).ToListAsync());
        await foreach (var _ in left.SendStreamAsync("/x", new JsonObject(), cancellationToken: TestContext.Current.CancellationToken)) break;

        Of(Duration).Select(one => one["error.type"]).ShouldBe(["stream_truncated", "stream_error", "abandoned"]);
    }

    [Fact]
    public async Task Retries_are_counted_and_the_call_is_one()
    {
        var busy = """{"error":{"message":"busy","code":503}}""";
        using var client = Client(new ScriptedHandler().Answers(HttpStatusCode.ServiceUnavailable, busy, headers: ("Retry-After", "0")).Answers(HttpStatusCode.OK, """{"tokens":[]}"""));

        await client.TokenizeAsync("x", cancellationToken: TestContext.Current.CancellationToken);

        Of("vllm.client.retries").ShouldHaveSingleItem()["error.type"].ShouldBe("503");
        Of(Duration).ShouldHaveSingleItem()["error.type"].ShouldBeNull();
    }

    [Fact]
    public async Task The_administration_of_the_server_is_not_measured()
    {
        using var client = Client(new ScriptedHandler().Answers(HttpStatusCode.OK, """{"success":true,"is_sleeping":false,"server_load":1}"""));

        await client.Server.ResetPrefixCacheAsync(cancellationToken: TestContext.Current.CancellationToken);
        await client.Server.SleepAsync(cancellationToken: TestContext.Current.CancellationToken);
        await client.Server.IsSleepingAsync(cancellationToken: TestContext.Current.CancellationToken);
        await client.Server.GetLoadAsync(cancellationToken: TestContext.Current.CancellationToken);

        _measured.Recordings.ShouldBeEmpty();
    }

    IEnumerable<Recording> Of(string instrument) => _measured.Recordings.Where(one => one.Instrument == instrument);

    VllmClient Client(ScriptedHandler handler) => handler.Client(options => options.DefaultModel = "d", new() { MeterFactory = _measured.MeterFactory });
}

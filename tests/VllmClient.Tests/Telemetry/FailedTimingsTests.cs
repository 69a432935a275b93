using System.Net;
using Microsoft.Extensions.Time.Testing;
using Vllm.Testing;

namespace Vllm.Tests.Telemetry;

/// <summary>A call that fails has an end as well: its exception, what had arrived of its answer, and what the observer is told name the same moment.</summary>
public class FailedTimingsTests
{
    static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    readonly FakeTimeProvider _clock = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, bool> Failures => new()
    {
        { "refused", nameof(VllmValidationException), false },
        { "no connection", nameof(VllmConnectionException), false },
        { "no head in time", nameof(VllmTimeoutException), false },
        { "a page", nameof(VllmApiException), false },
        { "broken body", nameof(VllmConnectionException), false },
        { "aborted answer", nameof(VllmStreamException), true },
        { "failed response", nameof(VllmApiException), true },
        { "cut stream", nameof(VllmStreamException), true },
        { "error in stream", nameof(VllmStreamException), true },
        { "aborted stream", nameof(VllmStreamException), true },
        { "malformed stream", nameof(VllmStreamException), true },
        { "silent stream", nameof(VllmTimeoutException), true },
        { "cut response", nameof(VllmStreamException), true },
        { "failed response in stream", nameof(VllmStreamException), true },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failed_call_names_the_moment_of_its_end(string way, string type, bool hasPart)
    {
        var observer = new Ends();
        using var scope = VllmCallObserver.Use(observer);
        using var client = Handler(way).Client(
            options =>
            {
                options.MaxRetries = 0;
                options.ResponseHeadersTimeout = way == "no head in time" ? Step : Step * 2;
                options.StreamIdleTimeout = way == "silent stream" ? Step : Step * 2;
            },
            new() { TimeProvider = _clock });

        var failure = await Should.ThrowAsync<VllmException>(() => way.Contains("response", StringComparison.Ordinal) ? RespondAsync(client, way) : AskAsync(client, way));

        failure.GetType().Name.ShouldBe(type);
        failure.Timings.Closed.ShouldBe(Step);
        failure.Timings.Sent.ShouldBe(TimeSpan.Zero);
        observer.Summary.Timings.ShouldBe(failure.Timings);
        observer.Summary.Error.ShouldBeSameAs(failure);
        observer.PartSeen.ShouldBe(hasPart);
        Info(failure.PartialResult)?.Timings.ShouldBe(failure.Timings);
        (failure.PartialResult is not null).ShouldBe(hasPart);
    }

    [Fact]
    public async Task The_end_is_that_of_the_last_attempt()
    {
        var handler = new ScriptedHandler().Answers(() => Moved(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable))).Answers(() => Moved(new HttpResponseMessage(HttpStatusCode.BadRequest)));
        using var client = handler.Client(services: new() { TimeProvider = _clock });

        var failure = await Should.ThrowAsync<VllmValidationException>(() => Http.VirtualTime.RunAsync(_clock, client.ChatAsync("Hi", cancellationToken: Token), TimeSpan.FromSeconds(0.5)));

        failure.Timings.Closed.ShouldBe(failure.Timings.Sent + Step);
    }

    ScriptedHandler Handler(string way)
    {
        var pause = BodyStep.Do(() => _clock.Advance(Step));
        const string delta = """data: {"type":"response.output_text.delta","output_index":0,"item_id":"m","content_index":0,"delta":"Hel"}""" + "\n\n";
        const string failed = """data: {"type":"response.failed","response":{"id":"r","object":"response","status":"failed","error":{"code":"x","message":"It broke."},"output":[]}}""" + "\n\n";
        var handler = new ScriptedHandler();
        return way switch
        {
            "refused" => handler.Answers(() => Moved(new(HttpStatusCode.BadRequest))),
            "no connection" => handler.Fails(() =>
            {
                _clock.Advance(Step);
                return new HttpRequestException(HttpRequestError.ConnectionError);
            }),
            "no head in time" => handler.Hangs(() => _clock.Advance(Step)),
            "a page" => handler.Answers(() => Moved(Json("<html>", "text/html"))),
            "broken body" => handler.Answers(() => Body(new TrickleStream("{", pause, BodyStep.Fail(new IOException("reset"))))),
            "aborted answer" => handler.Answers(() => Moved(Json(SseText.ChatAnswer("ab", "abort")))),
            "failed response" => handler.Answers(() => Moved(Json("""{"id":"r","object":"response","status":"failed","error":{"code":"x","message":"It broke."},"output":[]}"""))),
            "cut stream" => handler.Streams(SseText.Role(), SseText.Text("ab"), pause),
            "error in stream" => handler.Streams(SseText.Role(), SseText.Text("ab"), pause, SseText.EngineDied),
            "aborted stream" => handler.Streams(SseText.Role(), SseText.Text("ab"), pause, SseText.Finish("abort")),
            "malformed stream" => handler.Streams(SseText.Role(), SseText.Text("ab"), pause, "data: {\n\n"),
            "silent stream" => handler.Streams(SseText.Role(), SseText.Text("ab"), pause, BodyStep.Hang()),
            "cut response" => handler.Streams(delta, pause),
            _ => handler.Streams(delta, pause, failed),
        };
    }

    HttpResponseMessage Moved(HttpResponseMessage response)
    {
        _clock.Advance(Step);
        return response;
    }

    static HttpResponseMessage Json(string body, string contentType = "application/json") => new(HttpStatusCode.OK) { Content = new StringContent(body, null, contentType) };

    static HttpResponseMessage Body(Stream body)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) };
        response.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
        return response;
    }

    static async Task AskAsync(VllmClient client, string way)
    {
        if (way.EndsWith("stream", StringComparison.Ordinal)) await client.ChatStreamAsync("Hi", cancellationToken: Token).ToListAsync(Token);
        else await client.ChatAsync("Hi", cancellationToken: Token);
    }

    static async Task RespondAsync(VllmClient client, string way)
    {
        if (way == "failed response") await client.Responses.CreateAsync(new() { Input = "Hi" }, cancellationToken: Token);
        else await client.Responses.StreamAsync(new() { Input = "Hi" }, cancellationToken: Token).ToListAsync(Token);
    }

    static CallInfo? Info(object? part) => part switch
    {
        ChatResult chat => chat.Info,
        ResponsesResult response => response.Info,
        _ => null,
    };

    sealed class Ends : VllmCallObserver
    {
        internal VllmCallSummary Summary { get; private set; }

        internal bool PartSeen { get; private set; }

        public override void OnEnded(in VllmCallSummary summary)
        {
            Summary = summary;
            PartSeen = (summary.Error as VllmException)?.PartialResult is not null;
        }
    }
}

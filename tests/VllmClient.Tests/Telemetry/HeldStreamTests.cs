using Vllm.Testing;

namespace Vllm.Tests.Telemetry;

/// <summary>What a stream tells of a caller who holds it, through the client as a whole.</summary>
public sealed class HeldStreamTests : IDisposable
{
    readonly MeasuredClient _measured = new();
    readonly Arrivals _observer = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("chat")]
    [InlineData("completion")]
    [InlineData("response")]
    public async Task A_gap_that_the_caller_made_is_told_as_the_callers(string kind)
    {
        await ReadAsync(kind, TimeSpan.FromMilliseconds(200), [Content(kind, "a"), Content(kind, "b"), Pause(30), Content(kind, "c"), Last(kind)]);

        _observer.Held.ShouldBe([false, true, false]);
        _observer.Summary.CallerTime.ShouldBe(TimeSpan.FromMilliseconds(200));
        _observer.Summary.LongestStall.ShouldBe(TimeSpan.FromMilliseconds(30));
        Gaps().ShouldBe([0.03]);
    }

    [Theory]
    [InlineData(999, false)]
    [InlineData(1000, true)]
    public async Task A_caller_holds_from_a_millisecond_on(int microseconds, bool held)
    {
        await ReadAsync("chat", TimeSpan.FromMicroseconds(microseconds), [Content("chat", "a"), Content("chat", "b"), Last("chat")]);

        _observer.Held.ShouldBe([false, held]);
        _observer.Summary.CallerTime.ShouldBe(TimeSpan.FromMicroseconds(microseconds));
        Gaps().Count().ShouldBe(held ? 0 : 1);
    }

    [Fact]
    public async Task A_gap_is_the_servers_where_the_read_has_to_wait_after_the_caller_held_the_stream()
    {
        var waiting = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var late = BodyStep.Until(token =>
        {
            waiting.SetResult();
            return goOn.Task.WaitAsync(token);
        });

        var reading = ReadAsync("chat", TimeSpan.FromMilliseconds(200), [Content("chat", "a"), late, Content("chat", "b"), Last("chat")]);
        await waiting.Task.WaitAsync(Token);
        _measured.Pass(50);
        goOn.SetResult();
        await reading;

        _observer.Held.ShouldBe([false, false]);
        _observer.Summary.CallerTime.ShouldBe(TimeSpan.FromMilliseconds(200));
        Gaps().ShouldBe([0.25]);
    }

    public void Dispose() => _measured.Dispose();

    // Holds the stream once, after its first content.
    async Task ReadAsync(string kind, TimeSpan hold, BodyStep[] body)
    {
        using var scope = VllmCallObserver.Use(_observer);
        using var client = new ScriptedHandler().Streams(body).Client(services: new() { TimeProvider = _measured.Clock, MeterFactory = _measured.MeterFactory });
        var seen = 0;
        await foreach (var hasContent in Contents(client, kind))
            if (hasContent && seen++ == 0) _measured.Clock.Advance(hold);
    }

    static IAsyncEnumerable<bool> Contents(VllmClient client, string kind) => kind switch
    {
        "chat" => client.ChatStreamAsync("Hi", cancellationToken: Token).Select(update => update.IsContent),
        "completion" => client.CompleteStreamAsync("Hi", cancellationToken: Token).Select(update => update.IsContent),
        _ => client.Responses.StreamAsync(new() { Input = "Hi" }, cancellationToken: Token).Select(part => part.Delta is not null),
    };

    static string Content(string kind, string text) => kind switch
    {
        "chat" => SseText.Text(text),
        "completion" => SseText.Completion(text),
        _ => SseText.Event($$"""{"type":"response.output_text.delta","output_index":0,"item_id":"m","content_index":0,"delta":"{{text}}"}"""),
    };

    static string Last(string kind) => kind switch
    {
        "chat" => SseText.Finish() + SseText.Done,
        "completion" => SseText.Completion("", "stop") + SseText.Done,
        _ => SseText.Event("""{"type":"response.completed","response":{"id":"r","object":"response","status":"completed","output":[]}}"""),
    };

    BodyStep Pause(int milliseconds) => BodyStep.Do(() => _measured.Pass(milliseconds));

    IEnumerable<double> Gaps() => _measured.Of(VllmTelemetry.Instruments.TimePerOutputChunk).Select(gap => Math.Round(gap.Value, 9));

    sealed class Arrivals : VllmCallObserver
    {
        internal List<bool> Held { get; } = [];

        internal VllmCallSummary Summary { get; private set; }

        public override void OnContent(in ContentArrival arrival) => Held.Add(arrival.HeldByCaller);

        public override void OnEnded(in VllmCallSummary summary) => Summary = summary;
    }
}

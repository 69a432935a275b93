using static Vllm.VllmTelemetry;

namespace Vllm.Tests.Telemetry;

public sealed class ObserverTests : IDisposable
{
    readonly MeasuredClient _client = new();

    [Fact]
    public void Sees_each_attempt_each_content_event_and_one_end_after_the_instruments()
    {
        var observer = new Notes(_client);
        using var scope = VllmCallObserver.Use(observer);
        using (var call = _client.Stream())
        {
            call.Sent(1, "r");
            call.Retrying("503", TimeSpan.Zero);
            call.Sent(2, "r-r1");
            call.Headers(200);
            call.Received(120);
            _client.Pass(50);
            _client.Arrive(call, outputTokensSoFar: 2);
            _client.Pass(20);
            _client.Arrive(call);
            call.CallerHeld(_client.Clock.TimestampFrequency);
            call.Finished(0, FinishReason.Length);
            call.Answered("chatcmpl-r", "llama-3");
            _client.Complete(call);

            observer.Events.ShouldBe([$"sent 1 {call.CallId}", $"sent 2 {call.CallId}", $"content {call.CallId}", $"content {call.CallId}", "ended, recorded 1"]);
        }

        observer.Events.Count.ShouldBe(5);
        var summary = observer.Summary;
        summary.Outcome.ShouldBe(VllmCallOutcome.Completed);
        summary.RequestId.ShouldBe("r-r1");
        summary.Attempts.ShouldBe(2);
        summary.StatusCode.ShouldBe(200);
        summary.ContentEvents.ShouldBe(2);
        summary.FirstContentTokens.ShouldBe(2);
        summary.TextBytes.ShouldBe(8);
        summary.BytesReceived.ShouldBe(120);
        summary.FinishReason.ShouldBe(FinishReason.Length);
        summary.Model.ShouldBe("llama");
        summary.ResponseModel.ShouldBe("llama-3");
        summary.LongestStall.ShouldBe(TimeSpan.FromMilliseconds(20));
        summary.CallerTime.ShouldBe(TimeSpan.FromSeconds(1));
        summary.Timings.FirstContent.ShouldBe(TimeSpan.FromMilliseconds(50));
        summary.Timings.LastContent.ShouldBe(TimeSpan.FromMilliseconds(70));
        summary.Timings.Closed.ShouldBe(TimeSpan.FromMilliseconds(70));
        summary.Timings.Queued.ShouldBeNull();
    }

    [Fact]
    public void One_that_throws_is_dropped_for_its_call_and_warned_of_once_per_client()
    {
        var observer = new Throwing();
        using var scope = VllmCallObserver.Use(observer);
        for (var i = 0; i < 2; i++)
        {
            using var call = _client.Stream();
            call.Sent(1, "r");
            _client.Arrive(call);
            _client.Complete(call);
        }

        observer.Calls.ShouldBe(2);
        _client.Of(Instruments.OperationDuration).Count.ShouldBe(2);
        _client.Logger.Collector.GetSnapshot().Count(log => log.Id.Id == 500).ShouldBe(1);
    }

    [Fact]
    public void Is_the_one_of_the_calls_start()
    {
        var observer = new Throwing();
        var call = _client.Call();
        using (VllmCallObserver.Use(observer)) _client.Complete(call);

        observer.Calls.ShouldBe(0);
    }

    public void Dispose() => _client.Dispose();

    sealed class Notes(MeasuredClient client) : VllmCallObserver
    {
        internal List<string> Events { get; } = [];

        internal VllmCallSummary Summary { get; private set; }

        public override void OnSent(in CallSent sent) => Events.Add($"sent {sent.Attempt} {sent.CallId}");

        public override void OnContent(in ContentArrival arrival) => Events.Add($"content {arrival.CallId}");

        public override void OnEnded(in VllmCallSummary summary)
        {
            Summary = summary;
            Events.Add($"ended, recorded {client.Of(Instruments.OperationDuration).Count}");
        }
    }

    sealed class Throwing : VllmCallObserver
    {
        internal int Calls { get; private set; }

        public override void OnSent(in CallSent sent)
        {
            Calls++;
            throw new InvalidOperationException("secret");
        }

        public override void OnContent(in ContentArrival arrival) => Calls++;

        public override void OnEnded(in VllmCallSummary summary) => Calls++;
    }
}

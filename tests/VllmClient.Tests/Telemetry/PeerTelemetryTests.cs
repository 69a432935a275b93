using System.ClientModel;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenAI;
using Vllm.Testing;

namespace Vllm.Tests.Telemetry;

/// <summary>Beside .NET's own HTTP spans and OpenAI .NET's own switch nothing is counted twice (client.md check 14, telemetry.md checks 7 and 8).</summary>
[Collection(nameof(Alone))]
public sealed class PeerTelemetryTests : IDisposable
{
    const string Duration = "gen_ai.client.operation.duration";

    readonly ConcurrentQueue<Activity> _spans = [];
    readonly ConcurrentQueue<string> _durations = [];
    readonly ActivityListener _spanListener;
    readonly MeterListener _meterListener = new();

    public PeerTelemetryTests()
    {
        _spanListener = new()
        {
            ShouldListenTo = source => source.Name is VllmTelemetry.ActivitySourceName or "System.Net.Http" || source.Name.StartsWith("OpenAI.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_spanListener);
        _meterListener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == Duration) listener.EnableMeasurementEvents(instrument);
        };
        _meterListener.SetMeasurementEventCallback<double>((instrument, _, _, _) => _durations.Enqueue(instrument.Meter.Name));
        _meterListener.Start();
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_attempts_are_two_HTTP_spans_below_one_span_of_the_call()
    {
        await using var server = new ScriptedServer(
            [ServerStep.Send(HttpBytes.Response(503, "{}", "application/json", "Retry-After: 0"))], [ServerStep.Send(HttpBytes.Response(200, SseText.ChatAnswer("ok")))]);
        using var client = server.Client();

        await client.ChatAsync("Hi", cancellationToken: Token);

        var call = _spans.Single(span => span.Source.Name == VllmTelemetry.ActivitySourceName);
        var attempts = _spans.Where(span => span.Source.Name == "System.Net.Http" && span.OperationName == "System.Net.Http.HttpRequestOut").ToList();
        attempts.Count.ShouldBe(2);
        attempts.ShouldAllBe(attempt => attempt.ParentSpanId == call.SpanId && attempt.TraceId == call.TraceId);
        server.Requests.Select(request => request.Headers["traceparent"]).ShouldBe(attempts.Select(attempt => attempt.Id));
    }

    [Fact]
    public async Task Without_propagation_no_context_leaves_the_process()
    {
        await using var server = ReplayServer.Of("chat-basic");
        using var client = server.Client(options => options.Telemetry.PropagateContext = false);

        await client.ChatAsync("Hi", cancellationToken: Token);

        server.Request.Headers.ContainsKey("traceparent").ShouldBeFalse();
        _spans.Count(span => span.Source.Name == VllmTelemetry.ActivitySourceName).ShouldBe(1);
    }

    [Fact]
    public async Task OpenAIs_own_switch_measures_its_own_client_and_not_ours()
    {
        AppContext.SetSwitch("OpenAI.Experimental.EnableOpenTelemetry", true);
        await using var server = ReplayServer.Of("chat-basic");
        using var client = server.Client();
        var peer = new OpenAI.Chat.ChatClient("tiny", new ApiKeyCredential("unused"), new OpenAIClientOptions { Endpoint = new(server.Url, "/v1") });

        await peer.CompleteChatAsync([new OpenAI.Chat.UserChatMessage("Hi")], cancellationToken: Token);
        await client.ChatAsync("Hi", cancellationToken: Token);

        _durations.Count(meter => meter.StartsWith("OpenAI.", StringComparison.Ordinal)).ShouldBe(1);
        _durations.Count(meter => meter == VllmTelemetry.MeterName).ShouldBe(1);
        _spans.Count(span => span.Source.Name.StartsWith("OpenAI.", StringComparison.Ordinal)).ShouldBe(1);
        _spans.Count(span => span.Source.Name == VllmTelemetry.ActivitySourceName).ShouldBe(1);
    }

    public void Dispose()
    {
        _spanListener.Dispose();
        _meterListener.Dispose();
    }
}

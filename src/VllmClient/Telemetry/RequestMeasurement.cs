using System.Diagnostics;

namespace Vllm.Telemetry;

/// <summary>Measures one call from start to outcome. One flow per call, so there are no locks. Disposal records an outcome if nothing else has.</summary>
sealed class RequestMeasurement : IDisposable
{
    static long _lastCallId;

    readonly ClientTelemetry _client;
    readonly CallStart _start;
    VllmCallTimings _timings;
    int _touched;

    internal RequestMeasurement(ClientTelemetry client, in CallStart start)
    {
        _client = client;
        _start = start;
        CallId = Interlocked.Increment(ref _lastCallId);
        StartedTimestamp = client.Clock.GetTimestamp();
    }

    internal long CallId { get; }

    internal long StartedTimestamp { get; }

    internal TimeProvider Clock => _client.Clock;

    internal int Attempts { get; private set; }

    internal VllmCallTimings Timings => _timings;

    internal Activity? Activity { get; }

    internal VllmCallOutcome? Outcome { get; private set; }

    internal ActivityScope Enter() => new(Activity);

    internal void Queued() => _touched++;

    internal void GateLeft() => _timings = _timings with { Queued = Since(Clock.GetTimestamp()) };

    internal void Sent(int attempt, string requestId)
    {
        Attempts = attempt;
        _timings = _timings with { Sent = Since(Clock.GetTimestamp()) };
    }

    internal void Retrying(string errorType, TimeSpan delay) => _touched++;

    internal void Headers(int status) => _timings = _timings with { Headers = Since(Clock.GetTimestamp()) };

    internal void Received(long bytes) => _touched++;

    internal void Event(long timestamp) => _touched++;

    internal void Answered(string? responseId, string? model) => _touched++;

    internal void Content(in ContentArrival arrival) => _touched++;

    internal void CallerHeld(long timestampTicksDelta) => _touched++;

    internal void Usage(Usage usage) => _touched++;

    internal void Finished(int choice, FinishReason reason) => _touched++;

    internal void Completed(long timestamp) => Outcome ??= VllmCallOutcome.Completed;

    internal T Failed<T>(T error) where T : Exception
    {
        Outcome ??= ErrorTypes.OutcomeOf(error);
        return error;
    }

    public void Dispose() => Outcome ??= _start.IsStream ? VllmCallOutcome.Abandoned : VllmCallOutcome.Failed;

    TimeSpan Since(long timestamp) => Clock.GetElapsedTime(StartedTimestamp, timestamp);
}

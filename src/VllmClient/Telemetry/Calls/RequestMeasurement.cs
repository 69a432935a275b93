using System.Diagnostics;

namespace Vllm.Telemetry;

/// <summary>Measures one call from start to outcome, and is the source of its timings. One flow per call, so there are no locks. Disposal records an outcome if nothing else has.</summary>
/// <remarks>Whatever is known of the answer (model, usage, finish reasons) must be told before <see cref="Completed"/> or <see cref="Failed"/>: those record.</remarks>
sealed class RequestMeasurement : IDisposable
{
    static long _lastCallId;

    readonly ClientTelemetry _client;
    readonly string? _model;
    readonly bool _isStream;
    readonly bool _adoptedSpan;
    readonly InstrumentSet _enabled;
    VllmCallObserver? _observer;
    CallTags _tags;
    CallStamps _stamps;
    StreamGaps _gaps = new();
    CallPhase _phase = CallPhase.Waiting;
    int _outcome; // 0 = none yet, else the outcome + 1
    int _status;
    int _choices;
    int _contentEvents;
    int _firstContentTokens;
    long _textBytes;
    long _bytesReceived;
    long _callerHeld;
    string? _requestId;
    string? _responseId;
    string? _responseModel;
    string? _finishReason;
    SortedDictionary<int, string>? _otherFinishReasons;
    Usage? _usage;

    internal RequestMeasurement(ClientTelemetry client, in CallStart start, CallTags tags, InstrumentSet enabled)
    {
        _client = client;
        _model = start.Model;
        _isStream = start.IsStream;
        _choices = Choices(start.Request);
        _tags = tags;
        _enabled = enabled;
        _observer = VllmCallObserver.Current;
        CallId = Interlocked.Increment(ref _lastCallId);
        _stamps = new CallStamps(client.Clock.GetTimestamp());
        Activity = CallSpan.Start(start, tags, client.Clock, out _adoptedSpan);
        tags.Active.Enter(_phase);
        Log.CallStarted(client.Logger, CallId, tags.Key.Operation, _model, _isStream);
    }

    internal long CallId { get; }

    internal long StartedTimestamp => _stamps.Started;

    internal TimeProvider Clock => _client.Clock;

    internal int Attempts { get; private set; }

    internal VllmCallTimings Timings => _stamps.ToTimings(Clock);

    /// <summary>The span of the call: its own, or one that another library opened for it; null if nobody records.</summary>
    internal Activity? Activity { get; }

    internal VllmCallOutcome? Outcome => _outcome == 0 ? null : (VllmCallOutcome)(_outcome - 1);

    /// <summary>Makes the span current while something is sent; the scope's disposal restores the caller's.</summary>
    internal ActivityScope Enter() => new(Activity);

    /// <summary>The call begins to wait at a set gate.</summary>
    internal void Queued() => MoveTo(CallPhase.Queued);

    /// <summary>The call left the gate.</summary>
    internal void GateLeft()
    {
        var now = Clock.GetTimestamp();
        _stamps.Queued(now);
        MoveTo(CallPhase.Waiting);
        if (Listens(InstrumentSet.TimeInQueue)) _client.Instruments.TimeInQueue.Record(Seconds(now - StartedTimestamp), in _tags.Call);
    }

    /// <summary>An attempt is handed to HTTP.</summary>
    internal void Sent(int attempt, string requestId)
    {
        var now = Clock.GetTimestamp();
        Attempts = attempt;
        _requestId = requestId;
        _status = 0;
        _stamps.Sent(now);
        MoveTo(CallPhase.Waiting);
        if (_observer is null) return;
        try
        {
            _observer.OnSent(new CallSent { CallId = CallId, Attempt = attempt, Timestamp = now });
        }
        catch (Exception e) when (DropObserver(e)) { }
    }

    /// <summary>The last attempt failed, and another will follow.</summary>
    internal void Retrying(string errorType, TimeSpan delay)
    {
        MoveTo(CallPhase.Backoff);
        if (Listens(InstrumentSet.Retries)) _client.Instruments.Retries.Add(1, _tags.CallError(errorType));
        CallSpan.Retry(Activity, Attempts, errorType, delay, Clock);
        Log.RetryScheduled(_client.Logger, CallId, Attempts, _tags.Key.Operation, errorType, delay.TotalSeconds);
    }

    /// <summary>The response head arrived.</summary>
    internal void Headers(int status)
    {
        _status = status;
        _stamps.Headers(Clock.GetTimestamp());
    }

    /// <summary>Bytes of the body arrived.</summary>
    internal void Received(long bytes) => _bytesReceived += bytes;

    /// <summary>Any event of a stream arrived; the timestamp is that of the read.</summary>
    internal void Event(long timestamp) => _stamps.Event(timestamp);

    /// <summary>Who answered, once it is known; null leaves what is known.</summary>
    internal void Answered(string? responseId, string? model)
    {
        _responseId = responseId ?? _responseId;
        if (model is null || model == _responseModel) return;
        _responseModel = model;
        _tags = _client.Tags.WithAnswer(_tags, model);
    }

    /// <summary>A content event of a stream arrived. For a call that is not streamed only its text is counted.</summary>
    internal void Content(in ContentArrival arrival)
    {
        _textBytes += arrival.TextBytes;
        if (!_isStream) return;
        _contentEvents++;
        if (arrival.Choice >= _choices) _choices = arrival.Choice + 1;
        if (!_stamps.HasContent) FirstContent(arrival);
        _stamps.Content(arrival.Timestamp);
        if (!_stamps.HasVisible && (arrival.Kinds & (ContentKinds.Text | ContentKinds.ToolCall)) != 0) FirstVisible(arrival.Timestamp);
        var gap = _gaps.Arrived(arrival.Choice, arrival.Timestamp, arrival.HeldByCaller);
        if (gap is { } pause && Listens(InstrumentSet.TimePerOutputChunk)) _client.Instruments.TimePerOutputChunk.Record(Seconds(pause), in _tags.Answer);
        if (_observer is null) return;
        try
        {
            _observer.OnContent(arrival with { CallId = CallId });
        }
        catch (Exception e) when (DropObserver(e)) { }
    }

    /// <summary>The caller held the enumerator, in raw timestamp units.</summary>
    internal void CallerHeld(long timestampTicksDelta)
    {
        _callerHeld += timestampTicksDelta;
        _gaps.Held(timestampTicksDelta);
    }

    /// <summary>Usage, running or final; the last one wins, and is judged at the end.</summary>
    internal void Usage(Usage usage) => _usage = usage;

    /// <summary>A choice finished.</summary>
    internal void Finished(int choice, FinishReason reason)
    {
        if (choice >= _choices) _choices = choice + 1;
        _gaps.Finished(choice);
        if (choice == 0) _finishReason = reason.ToString();
        else (_otherFinishReasons ??= [])[choice] = reason.ToString();
    }

    /// <summary>The terminal marker was read, or the body is whole.</summary>
    internal void Completed(long timestamp) => End(VllmCallOutcome.Completed, null, null, timestamp);

    /// <summary>The call is about to fail: what is told of it from here on has its last moment.</summary>
    internal long Failing() => _stamps.Closed(Clock.GetTimestamp());

    /// <summary>The call failed; the exception says how, and is told when.</summary>
    /// <returns>The exception, to be thrown.</returns>
    internal T Failed<T>(T error) where T : Exception
    {
        var closed = Failing();
        if (error is VllmException told) told.Describe(Timings);
        End(ErrorTypes.OutcomeOf(error), ErrorTypes.Of(error), error, closed);
        return error;
    }

    /// <summary>The caller is done with the call. Without an outcome so far, a stream was abandoned, and any other call failed in an unknown way.</summary>
    public void Dispose()
    {
        if (_outcome != 0) return;
        var now = Clock.GetTimestamp();
        if (!_isStream) End(VllmCallOutcome.Failed, VllmTelemetry.ErrorTypes.Other, null, now);
        else if (FinishedChoices >= _choices) End(VllmCallOutcome.Completed, null, null, now);
        else End(VllmCallOutcome.Abandoned, VllmTelemetry.ErrorTypes.Abandoned, null, now);
    }

    int FinishedChoices => (_finishReason is null ? 0 : 1) + (_otherFinishReasons?.Count ?? 0);

    static int Choices(GenerationRequest? request)
    {
        var each = Math.Max(request?.N ?? 1, 1);
        if (request is not CompletionRequest { Prompt: { } prompt }) return each;
        return (int)Math.Min(int.MaxValue, (long)each * Math.Max(prompt.Texts?.Count ?? prompt.TokenIds?.Count ?? 1, 1));
    }

    void FirstContent(in ContentArrival arrival)
    {
        MoveTo(CallPhase.Receiving);
        _firstContentTokens = arrival.OutputTokensSoFar ?? 0;
        using var scope = Enter();
        if (Listens(InstrumentSet.TimeToFirstChunk)) _client.Instruments.TimeToFirstChunk.Record(Seconds(arrival.Timestamp - StartedTimestamp), in _tags.Answer);
        if (Listens(InstrumentSet.TimeToFirstToken)) _client.Instruments.TimeToFirstToken.Record(Seconds(_stamps.SinceSent(arrival.Timestamp)), in _tags.Answer);
        CallSpan.FirstContent(Activity, Clock);
    }

    void FirstVisible(long timestamp)
    {
        _stamps.Visible(timestamp);
        if (Listens(InstrumentSet.TimeToFirstVisibleToken)) _client.Instruments.TimeToFirstVisibleToken.Record(Seconds(_stamps.SinceSent(timestamp)), in _tags.Answer);
    }

    void End(VllmCallOutcome outcome, string? errorType, Exception? error, long timestamp)
    {
        if (Interlocked.CompareExchange(ref _outcome, (int)outcome + 1, 0) != 0) return;
        _stamps.Closed(timestamp);
        _tags.Active.Leave(_phase);
        if (outcome is VllmCallOutcome.TimedOut or VllmCallOutcome.Cancelled or VllmCallOutcome.Truncated or VllmCallOutcome.Failed) _gaps.Broke(timestamp);
        var summary = Summary(outcome, errorType, error, timestamp);
        using (Enter())
        {
            OutcomeRecorder.Record(_client, _tags, _enabled, summary, _choices);
            if (Activity is not null) CallSpan.End(Activity, _adoptedSpan, summary, _responseId, FinishReasons());
            OutcomeRecorder.Log(_client, _tags.Key, summary);
        }
        if (Activity is not null && !_adoptedSpan) CallSpan.Stop(Activity, Clock.GetElapsedTime(StartedTimestamp, timestamp));
        if (_observer is null) return;
        try
        {
            _observer.OnEnded(summary);
        }
        catch (Exception e) when (DropObserver(e)) { }
    }

    VllmCallSummary Summary(VllmCallOutcome outcome, string? errorType, Exception? error, long timestamp) => new()
    {
        CallId = CallId,
        StartedTimestamp = StartedTimestamp,
        EndedTimestamp = timestamp,
        TextBytes = _textBytes,
        BytesReceived = _bytesReceived,
        Clock = Clock,
        Timings = Timings,
        Operation = _tags.Key.Operation,
        Model = _model,
        ResponseModel = _responseModel,
        RequestId = _requestId,
        ErrorType = errorType,
        IsStream = _isStream,
        Outcome = outcome,
        Error = error,
        StatusCode = _status == 0 ? null : _status,
        Attempts = Attempts,
        ContentEvents = _contentEvents,
        FirstContentTokens = _firstContentTokens == 0 ? null : _firstContentTokens,
        FinishReason = _finishReason is null ? null : new FinishReason(_finishReason),
        Usage = Vllm.Usage.Known(_usage, _contentEvents > 0),
        LongestStall = _gaps.Longest is { } longest ? Clock.GetElapsedTime(0, longest) : null,
        CallerTime = Clock.GetElapsedTime(0, _callerHeld),
    };

    string[]? FinishReasons()
    {
        if (FinishedChoices == 0) return null;
        string[] first = _finishReason is null ? [] : [_finishReason];
        return _otherFinishReasons is null ? first : [.. first, .. _otherFinishReasons.Values];
    }

    void MoveTo(CallPhase phase)
    {
        if (phase == _phase || _outcome != 0) return;
        _tags.Active.Leave(_phase);
        _phase = phase;
        _tags.Active.Enter(phase);
    }

    bool Listens(InstrumentSet instrument) => (_enabled & instrument) != 0;

    bool DropObserver(Exception error)
    {
        _client.ObserverFailed(_observer!, error);
        _observer = null;
        return true;
    }

    double Seconds(long duration) => duration / (double)Clock.TimestampFrequency;
}

namespace Vllm.Tests.Load;

/// <summary>Makes a call as the client would show it to the observer, with every moment chosen by the test.</summary>
sealed class FakeCall(TimeProvider clock)
{
    static long _ids;

    readonly long _id = Interlocked.Increment(ref _ids);
    readonly VllmCallObserver? _observer = VllmCallObserver.Current;
    readonly long _started = clock.GetTimestamp();
    int _events;
    int _attempts;

    public void Sent() => _observer?.OnSent(new() { CallId = _id, Attempt = ++_attempts, Timestamp = clock.GetTimestamp() });

    public void Content(int choice = 0, bool held = false, int? tokens = null)
    {
        _events++;
        _observer?.OnContent(new()
        {
            CallId = _id,
            Timestamp = clock.GetTimestamp(),
            Choice = choice,
            EventsInRead = 1,
            TextBytes = 1,
            Kinds = ContentKinds.Text,
            OutputTokensSoFar = tokens,
            HeldByCaller = held,
        });
    }

    public void End(VllmCallOutcome outcome = VllmCallOutcome.Completed, string? errorType = null, Exception? error = null, Usage? usage = null, bool isStream = true, string operation = "chat", TimeProvider? foreignClock = null)
    {
        var now = clock.GetTimestamp();
        _observer?.OnEnded(new VllmCallSummary
        {
            CallId = _id,
            StartedTimestamp = _started,
            EndedTimestamp = now,
            Clock = foreignClock ?? clock,
            Timings = new() { Closed = clock.GetElapsedTime(_started, now) },
            Operation = operation,
            ResponseModel = "fake-model",
            IsStream = isStream,
            Outcome = outcome,
            ErrorType = errorType,
            Error = error,
            Usage = usage,
            Attempts = _attempts,
            ContentEvents = _events,
        });
    }

    public static Usage Tokens(int input, int output) => new() { PromptTokens = input, CompletionTokens = output, TotalTokens = input + output };
}

using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>The open calls, and the readers to wake after a pass. Everything but <see cref="Wake"/> happens under the gate.</summary>
sealed class OpenCalls(Lock gate, ServerCounters counters, TimeProvider time, Func<SimulatorOptions> options)
{
    readonly HashSet<Call> _open = [];
    List<Call> _touched = [];
    TaskCompletionSource? _drained;

    public void Add(Call call)
    {
        _open.Add(call);
        counters.OpenRequests++;
    }

    /// <summary>A copy, oldest first: a set has no order of its own.</summary>
    public List<Call> InOrder() => [.. _open.OrderBy(static call => call.Truth.Ordinal)];

    /// <summary>Lets the call in, or answers it with the refusal.</summary>
    public bool Admit(Call call, long at)
    {
        if (Admission.Check(call, _open, options(), counters) is { } error)
        {
            var body = error.ToJson();
            SendHead(call, Heads.Json(error.Status, body.Length), body.Length);
            call.Exchange.WriteBody(body);
            call.Exchange.End(isStream: false);
            Close(call, at, RequestOutcome.Refused);
            return false;
        }

        call.Truth.Arrived = TimeSpan.FromTicks(at);
        call.IsAdmitted = true;
        counters.ApiTicks += at - call.Received;
        counters.Paced += call.Pace is null ? 0 : call.Unfinished;
        if (call.Request.IsStream)
        {
            SendHead(call, Heads.Stream);
        }

        return true;
    }

    public void SendHead(Call call, ResponseHead head, int length = 0)
    {
        call.ResponseBytes = length;
        call.Truth.Status = head.Status;
        call.Exchange.SetHead(Heads.Complete(head, time.GetUtcNow(), options().RequestIdHeaders ? call.HeaderId : null));
        Touch(call);
    }

    public void End(Call call, long at)
    {
        call.Exchange.End(call.Request.IsStream);
        Touch(call);
        Close(call, at, call.Truth.Outcome ?? RequestOutcome.Finished);
    }

    public void Close(Call call, long at, RequestOutcome outcome)
    {
        call.IsOver = true;
        call.Truth.Outcome = outcome;
        call.Truth.Closed = TimeSpan.FromTicks(at);
        if (!_open.Remove(call))
        {
            return;
        }

        counters.OpenRequests--;
        counters.Paced -= call is { Pace: not null, IsAdmitted: true } ? call.Unfinished : 0;

        // A client that left before the head gets none, but the server has answered all the same.
        var answer = new HttpAnswer(call.Truth.Path, "POST", call.Truth.Status ?? 200, call.RequestBytes, call.ResponseBytes);
        counters.Http.Add(answer, (at - call.Received) / (double)TimeSpan.TicksPerSecond, time.GetUtcNow());
    }

    /// <summary>Notes that this call's reader has something to read after the pass.</summary>
    public void Touch(Call call)
    {
        if (!call.IsTouched)
        {
            call.IsTouched = true;
            _touched.Add(call);
        }
    }

    /// <summary>The calls touched in this pass, for <see cref="Wake"/> outside the gate.</summary>
    public List<Call> TakeTouched()
    {
        if (_touched.Count == 0)
        {
            return [];
        }

        var touched = _touched;
        _touched = [];
        foreach (var call in touched)
        {
            call.IsTouched = false;
        }

        return touched;
    }

    /// <summary>Completes when no call is open.</summary>
    public Task DrainedAsync()
    {
        _drained = _open.Count > 0 ? _drained ?? new TaskCompletionSource() : null;
        return _drained?.Task ?? Task.CompletedTask;
    }

    /// <summary>Ends a pass, outside the gate: readers go on, and whoever waits for the last call's end.</summary>
    public void Wake(List<Call> touched)
    {
        foreach (var call in touched)
        {
            call.Exchange.Wake();
        }

        TaskCompletionSource? drained = null;
        lock (gate)
        {
            if (_drained is not null && _open.Count == 0)
            {
                (drained, _drained) = (_drained, null);
            }
        }

        drained?.TrySetResult();
    }
}

namespace Vllm.Tests.Telemetry.Chaos;

/// <summary>Makes one call of a case, and ends it as the case says.</summary>
sealed class ChaosCaller(VllmClient client, VllmClient gated, ChaosCase script, string requestId) : VllmCallObserver
{
    // Cancelled from another thread, as callers do; the call is in its back-off then, or about to be.
    static readonly AsyncLocal<CancellationTokenSource?> Backoff = new();

    readonly ChatRequest _request = new() { Model = "m", Messages = ["q"] };
    readonly VllmRequestOptions _options = script.Limits with { RequestId = requestId };

    internal int Ended { get; private set; }

    internal VllmCallSummary Summary { get; private set; }

    /// <summary>To be told of every retry; cancels the call of the current flow, if it wants that.</summary>
    internal static void OnRetry()
    {
        if (Backoff.Value is { } source) _ = Task.Run(source.Cancel);
    }

    internal async Task RunAsync()
    {
        using var scope = Use(this);
        using var source = new CancellationTokenSource();
        try
        {
            if (script.Reader == ChaosReader.CancelInBackoff) Backoff.Value = source;
            if (script.Streams) await StreamAsync(source);
            else await AskAsync(source);
        }
        catch (Exception e) when (e is ChaosException or VllmException or OperationCanceledException or InvalidOperationException)
        {
            // Each case knows its error; the instruments are asked, and the observer.
        }
    }

    public override void OnEnded(in VllmCallSummary summary)
    {
        Ended++;
        Summary = summary;
    }

    async Task AskAsync(CancellationTokenSource source)
    {
        var call = (script.Reader == ChaosReader.CancelInGate ? gated : client).ChatAsync(_request, _options, source.Token);
        if (script.Reader is ChaosReader.CancelInGate or ChaosReader.CancelWhileWaiting) await source.CancelAsync();
        await call;
    }

    async Task StreamAsync(CancellationTokenSource source)
    {
        await using var stream = client.ChatStreamAsync(_request, _options, source.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await stream.MoveNextAsync())
        {
            switch (script.Reader)
            {
                case ChaosReader.BreakAtRole:
                case ChaosReader.BreakAtContent when stream.Current.Text is { Length: > 0 }:
                case ChaosReader.BreakAtFinish when stream.Current.FinishReason is not null:
                    return;
                case ChaosReader.ThrowAtRole:
                case ChaosReader.ThrowAtContent when stream.Current.Text is { Length: > 0 }:
                case ChaosReader.ThrowAtFinish when stream.Current.FinishReason is not null:
                    throw new ChaosException();
                case ChaosReader.CancelInRead when stream.Current.Text is { Length: > 0 }:
                    var next = stream.MoveNextAsync();
                    await source.CancelAsync();
                    await next;
                    break;
                case ChaosReader.CancelBetweenReads when stream.Current.Text is { Length: > 0 }:
                    await source.CancelAsync();
                    break;
                default:
                    break;
            }
        }

        if (script.Reader == ChaosReader.AllThenThrow) throw new ChaosException();
    }

    sealed class ChaosException : Exception;
}

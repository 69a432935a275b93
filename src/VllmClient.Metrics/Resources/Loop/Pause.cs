namespace Vllm.Resources;

/// <summary>A wait that ends, and is cancelled, on the thread that ends it; the framework's own goes to the pool when cancelled, which virtual time does not know.</summary>
static class Pause
{
    public static async Task ForAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource();
        using var registration = cancellationToken.UnsafeRegister(static (waiting, token) => ((TaskCompletionSource)waiting!).TrySetCanceled(token), over);
        using var timer = clock.CreateTimer(static waiting => ((TaskCompletionSource)waiting!).TrySetResult(), over, time > TimeSpan.Zero ? time : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await over.Task.ConfigureAwait(false);
    }
}

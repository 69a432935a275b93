using Microsoft.Extensions.Time.Testing;

namespace Vllm.Tests.Http;

static class VirtualTime
{
    /// <summary>Moves the clock step by step until the call has ended. Between steps the thread pool gets its turn.</summary>
    internal static async Task<T> RunAsync<T>(this FakeTimeProvider clock, Task<T> call, TimeSpan step)
    {
        while (!call.IsCompleted)
        {
            await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken));
            if (!call.IsCompleted) clock.Advance(step);
        }

        return await call;
    }
}

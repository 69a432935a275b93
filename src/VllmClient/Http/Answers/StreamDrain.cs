using Vllm.Wire;

namespace Vllm.Http;

/// <summary>Reads what follows the terminal marker of a stream, which is nothing but the end of the body: only then can the next call use the connection.</summary>
static class StreamDrain
{
    static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    internal static async ValueTask ReadAsync(Exchange exchange, Stream body, SseBuffer buffer)
    {
        exchange.Deadlines.EndPhase();
        using var source = new CancellationTokenSource();
        using var timer = exchange.Clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), source, Limit, Timeout.InfiniteTimeSpan);
        try
        {
            while (await body.ReadAsync(buffer.Space(), source.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            // The answer is complete; only the connection is lost.
        }
    }
}

using System.Net;

namespace Vllm.Resources;

/// <summary>What all pages are fetched with: connections of the probe's own, which leave no spans, or the handler that was given.</summary>
sealed class PageHttp(HttpMessageHandler? given) : IAsyncDisposable
{
    readonly HttpMessageInvoker _invoker = new(given ?? Own(), disposeHandler: given is null);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _invoker.SendAsync(request, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    static SocketsHttpHandler Own() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        // vLLM closes at 5 s, and a page is read every 5 s: a connection of that age may be closing just now.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>What all calls of one client share.</summary>
sealed class Transport : IDisposable
{
    const int MostUrls = 64;

    readonly ConcurrentDictionary<string, Uri> _urls = new(StringComparer.Ordinal);
    readonly bool _ownsHttp;
    readonly CancellationTokenSource _closing = new();
    volatile bool _disposed;

    internal Transport(HttpClient http, bool ownsHttp, VllmClientOptions options, Uri root, ClientTelemetry telemetry)
    {
        Http = http;
        _ownsHttp = ownsHttp;
        Closing = _closing.Token;
        Options = options;
        Root = root;
        Defaults = new RequestDefaults(options.DefaultModel, options.MaxTokensName, options.IncludeUsage);
        Telemetry = telemetry;
        Gate = options.MaxConcurrentRequests is { } places ? new(places) : null;
        if (http.Timeout != System.Threading.Timeout.InfiniteTimeSpan) Log.ForeignHttpTimeout(Logger, http.Timeout.TotalSeconds);
    }

    internal HttpClient Http { get; }

    /// <summary>Whether connections are opened by <see cref="HttpHandlers"/>, so that fresh and reused ones can be told apart.</summary>
    internal bool OpensConnections { get; private set; }

    internal VllmClientOptions Options { get; }

    internal Uri Root { get; }

    internal RequestDefaults Defaults { get; }

    internal ClientTelemetry Telemetry { get; }

    internal TimeProvider Clock => Telemetry.Clock;

    internal ILogger Logger => Telemetry.Logger;

    internal Gate? Gate { get; }

    internal bool IsDisposed => _disposed;

    /// <summary>Fires when the client is disposed: closing the HTTP client alone would leave streams waiting in a read.</summary>
    internal CancellationToken Closing { get; }

    /// <summary>A connection was opened for a request of this client.</summary>
    internal void ConnectionOpened() => OpensConnections = true;

    internal Uri Url(string path, IReadOnlyDictionary<string, string>? query)
    {
        if (query is { Count: > 0 }) return BaseUrl.Resolve(Root, path, query);
        if (_urls.TryGetValue(path, out var known)) return known;
        var url = BaseUrl.Resolve(Root, path, null);
        // Paths that hold an id are without number, and must not be kept for ever.
        if (_urls.Count < MostUrls) _urls.TryAdd(path, url);
        return url;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _closing.Cancel();
        _closing.Dispose();
        if (_ownsHttp) Http.Dispose();
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>What all calls of one client share.</summary>
sealed class Transport : IDisposable
{
    readonly ConcurrentDictionary<string, Uri> _urls = new(StringComparer.Ordinal);
    readonly bool _ownsHttp;
    readonly CancellationTokenSource? _closing;
    readonly Transport? _origin;
    volatile bool _disposed;

    internal Transport(HttpClient http, bool ownsHttp, VllmClientOptions options, Uri root, ClientTelemetry telemetry)
    {
        Http = http;
        _ownsHttp = ownsHttp;
        _closing = new CancellationTokenSource();
        Closing = _closing.Token;
        Options = options;
        Root = root;
        Defaults = new RequestDefaults(options.DefaultModel, options.MaxTokensName, options.IncludeUsage);
        Telemetry = telemetry;
        Gate = options.MaxConcurrentRequests is { } places ? new(places) : null;
        if (http.Timeout != System.Threading.Timeout.InfiniteTimeSpan) Log.ForeignHttpTimeout(Logger, http.Timeout.TotalSeconds);
    }

    // A client with other options over the same connections: it ends with the client that it was made from.
    Transport(Transport origin, VllmClientOptions options, Uri root)
    {
        Http = origin.Http;
        _ownsHttp = false;
        _origin = origin;
        Closing = origin.Closing;
        Options = options;
        Root = root;
        Defaults = new RequestDefaults(options.DefaultModel, options.MaxTokensName, options.IncludeUsage);
        Telemetry = new ClientTelemetry(origin.Telemetry.Instruments, options.Telemetry, root, origin.Clock, origin.Logger);
        Gate = options.MaxConcurrentRequests == origin.Options.MaxConcurrentRequests ? origin.Gate
            : options.MaxConcurrentRequests is { } places ? new(places) : null;
    }

    internal HttpClient Http { get; }

    internal VllmClientOptions Options { get; }

    internal Uri Root { get; }

    internal RequestDefaults Defaults { get; }

    internal ClientTelemetry Telemetry { get; }

    internal TimeProvider Clock => Telemetry.Clock;

    internal ILogger Logger => Telemetry.Logger;

    internal Gate? Gate { get; }

    internal bool IsDisposed => _disposed || _origin is { IsDisposed: true };

    /// <summary>Fires when the client is disposed: closing the HTTP client alone would leave streams waiting in a read.</summary>
    internal CancellationToken Closing { get; }

    /// <summary>The same connections under other options.</summary>
    internal Transport With(VllmClientOptions options) => new(this, options, BaseUrl.Root(options.BaseUrl ?? Root));

    internal Uri Url(string path, IReadOnlyDictionary<string, string>? query)
    {
        if (query is { Count: > 0 }) return BaseUrl.Resolve(Root, path, query);
        if (_urls.TryGetValue(path, out var known)) return known;
        var url = BaseUrl.Resolve(Root, path, null);
        // Paths that callers make up have no end.
        if (_urls.Count < 64) _urls.TryAdd(path, url);
        return url;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _closing?.Cancel();
        _closing?.Dispose();
        if (_ownsHttp) Http.Dispose();
    }
}

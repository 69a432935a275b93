using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Vllm.Telemetry;

namespace Vllm.Http;

/// <summary>One logical call over HTTP: gate, attempts, deadlines, and the end of its connection.</summary>
sealed class Exchange : IDisposable
{
    static readonly MediaTypeHeaderValue Json = new("application/json");

    readonly Transport _transport;
    readonly CallSettings _settings;
    readonly CallFacts _facts;
    readonly Uri _url;
    readonly byte[]? _body;
    readonly RequestMeasurement? _measurement;
    readonly CancellationToken _callToken;
    readonly CancellationToken _loopToken;
    readonly long _started;
    readonly string _requestId;
    ConnectionWatch? _watch;
    HttpResponseMessage? _response;
    long _sentAt;
    bool _inGate;
    bool _disposed;

    /// <param name="transport">What all calls of the client share.</param>
    /// <param name="settings">What holds for this call.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path below the root.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="measurement">Measures the call; null for calls to the server itself.</param>
    /// <param name="callToken">The token that the caller gave to the call.</param>
    /// <param name="loopToken">The token that the caller gave to the enumeration of a stream.</param>
    internal Exchange(
        Transport transport, CallSettings settings, HttpMethod method, string path, byte[]? body,
        RequestMeasurement? measurement, CancellationToken callToken, CancellationToken loopToken = default)
    {
        _transport = transport;
        _settings = settings;
        _url = transport.Url(path, settings.Query);
        _facts = new CallFacts(method, BaseUrl.Clean(_url), transport.Root);
        _body = body;
        _measurement = measurement;
        (_callToken, _loopToken) = (callToken, loopToken);
        _started = measurement?.StartedTimestamp ?? Clock.GetTimestamp();
        _requestId = settings.RequestId ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        Deadlines = new Deadlines(Clock, settings.Timeout, _started, callToken, loopToken, transport.Closing);
    }

    /// <summary>Media type of the body. Default: JSON.</summary>
    internal MediaTypeHeaderValue ContentType { get; init; } = Json;

    internal TimeProvider Clock => _transport.Clock;

    internal Deadlines Deadlines { get; }

    internal RequestMeasurement? Measurement => _measurement;

    /// <summary>Content events so far; messages tell it.</summary>
    internal int ContentEvents { get; set; }

    /// <summary>Sends until an attempt succeeds, and returns its response: head read, body not.</summary>
    internal async Task<HttpResponseMessage> SendAsync()
    {
        await EnterGateAsync().ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            var failure = await AttemptAsync(attempt).ConfigureAwait(false);
            if (failure is null) return _response!;
            var decision = RetryDecision.Of(
                failure, attempt, _settings, Clock.GetElapsedTime(_sentAt), _watch?.Use, Left(), RandomNumberGenerator.GetInt32(1_000_001) / 1e6);
            var errorType = ErrorTypes.Of(failure);
            if (decision.Delay is not { } delay)
            {
                Log.RetryRefused(_transport.Logger, _measurement?.CallId ?? 0, errorType, decision.Reason);
                throw failure;
            }

            if (_measurement is not null) _measurement.Retrying(errorType, delay);
            else Log.RetryScheduled(_transport.Logger, 0, attempt, _url.AbsolutePath, errorType, delay.TotalSeconds);
            if (delay > TimeSpan.Zero) await Task.Delay(delay, Clock, Deadlines.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the caller has given the call up, or the client has been disposed.</summary>
    internal bool IsCancelled => _callToken.IsCancellationRequested || _loopToken.IsCancellationRequested || _transport.IsDisposed;

    /// <summary>Whether the body says itself where it ends, so that one that was cut is told from a whole one: by its length, by a last chunk, or by HTTP/2.</summary>
    internal bool BodyTellsItsEnd =>
        _response is { } response && (response.Headers.TransferEncodingChunked == true || response.Content.Headers.ContentLength is not null || response.Version.Major > 1);

    /// <summary>How the call went so far.</summary>
    internal CallInfo Info() => new()
    {
        RequestId = _facts.RequestId ?? _requestId,
        Attempts = _facts.Attempts,
        StatusCode = _response is null ? 0 : (int)_response.StatusCode,
        Headers = _response is null ? null! : ResponseHeaders.Of(_response),
        Endpoint = _facts.Url,
        Timings = _measurement?.Timings ?? default,
    };

    /// <summary>How the call went, now that it has failed.</summary>
    internal CallInfo FailedInfo()
    {
        _measurement?.Failing();
        return Info();
    }

    /// <summary>What messages say of the call, as of now.</summary>
    internal CallFacts Facts()
    {
        _facts.Timings = _measurement?.Timings ?? default;
        _facts.Elapsed = Clock.GetElapsedTime(_started);
        return _facts;
    }

    /// <summary>The exception that the caller should see for one that was caught: the caller's cancellation, a deadline, or a failure of the connection.</summary>
    internal Exception Translate(Exception error)
    {
        if (!IsEndOfCall(error)) return error;
        if (_callToken.IsCancellationRequested) return Cancelled(error, _callToken);
        if (_loopToken.IsCancellationRequested) return Cancelled(error, _loopToken);
        if (Deadlines.Fired is { } kind) return Failures.Timeout(Facts(), kind, Deadlines.FiredLimit, ContentEvents, error);
        if (_transport.IsDisposed) return Failures.Disposed();
        return error switch
        {
            HttpRequestException http => Failures.Connection(Facts(), http),
            OperationCanceledException { InnerException: TimeoutException } => Slow(error),
            _ => error,
        };
    }

    /// <summary>Closes the connection, which is vLLM's only way to learn that it should stop generating.</summary>
    /// <remarks>A foreign handler may drain a disposed response for seconds. Cancelling a read that is pending closes at once; cancelling before it does not.</remarks>
    internal async ValueTask AbortAsync(Stream? body)
    {
        if (_response is null) return;
        if (body is not null) await CancelReadAsync(body).ConfigureAwait(false);
        _response.Dispose();
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Deadlines.Dispose();
        _response?.Dispose();
        if (_inGate) _transport.Gate!.Leave();
    }

    async ValueTask EnterGateAsync()
    {
        if (_transport.IsDisposed) throw Failures.Disposed();
        if (_measurement is null || _transport.Gate is not { } gate) return;
        _measurement.Queued();
        if (!gate.TryEnter())
        {
            Log.CallQueued(_transport.Logger, _measurement.CallId);
            await gate.EnterAsync(Deadlines.Token).ConfigureAwait(false);
        }

        _inGate = true;
        _measurement.GateLeft();
    }

    // Null on success; the failure if another attempt might help. Cancellation and deadlines are thrown.
    async Task<VllmException?> AttemptAsync(int attempt)
    {
        _facts.RequestId = attempt == 1 ? _requestId : string.Create(CultureInfo.InvariantCulture, $"{_requestId}-r{attempt - 1}");
        _facts.Attempts = attempt;
        using var request = await RequestAsync().ConfigureAwait(false);
        try
        {
            Deadlines.Begin(VllmTimeoutKind.ResponseHeaders, _settings.ResponseHeadersTimeout);
            _sentAt = Clock.GetTimestamp();
            _measurement?.Sent(attempt, _facts.RequestId);
            _response = await HandOver(request).ConfigureAwait(false);
            _measurement?.Headers((int)_response.StatusCode);
            if (_response.IsSuccessStatusCode) return null;
            return await RefusedAsync(_response).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not VllmException)
        {
            var translated = Translate(error);
            if (translated is VllmConnectionException connection) return connection;
            if (ReferenceEquals(translated, error)) throw;
            throw translated;
        }
    }

    Task<HttpResponseMessage> HandOver(HttpRequestMessage request)
    {
        _watch = new();
        using var flow = _watch.Enter();
        if (_measurement is null) return _transport.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Deadlines.Token);
        // The call's span is current while the request is handed over, so that HTTP spans become its children.
        using (_measurement.Enter())
            return _transport.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Deadlines.Token);
    }

    async ValueTask<HttpRequestMessage> RequestAsync()
    {
        var options = _transport.Options;
        var request = new HttpRequestMessage(_facts.Method, _url) { Version = options.HttpVersion };
        if (_body is not null)
        {
            request.Content = new ByteArrayContent(_body);
            request.Content.Headers.ContentType = ContentType;
        }

        var key = options.ApiKeyProvider is { } provider ? await provider(Deadlines.Token).ConfigureAwait(false) : options.ApiKey;
        if (!string.IsNullOrWhiteSpace(key)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        request.Headers.TryAddWithoutValidation("X-Request-Id", _facts.RequestId);
        foreach (var (name, value) in options.DefaultHeaders) Set(request, name, value);
        foreach (var (name, value) in _settings.Headers ?? ResponseHeaders.None) Set(request, name, value);
        if (_settings.DataParallelRank is { } rank) Set(request, "X-data-parallel-rank", rank.ToString(CultureInfo.InvariantCulture));
        return request;
    }

    static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }

    async Task<VllmException> RefusedAsync(HttpResponseMessage response)
    {
        Deadlines.EndPhase();
        using var idle = new Deadlines(Clock, null, Clock.GetTimestamp(), Deadlines.Token);
        idle.Begin(VllmTimeoutKind.StreamIdle, _settings.StreamIdleTimeout);
        using var body = new RefusalBody();
        await body.FillAsync(this, response, idle).ConfigureAwait(false);
        return ErrorAnswers.Of(Facts(), response, body.Bytes, body.Broken, Clock.GetUtcNow());
    }

    /// <summary>Whether an exception says that a call has ended, as opposed to one that nobody expects.</summary>
    internal static bool IsEndOfCall(Exception error) => error is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException;

    static OperationCanceledException Cancelled(Exception error, CancellationToken token) => error is OperationCanceledException own && own.CancellationToken == token
        ? own
        : new OperationCanceledException("The call was cancelled.", error, token);

    VllmException Slow(Exception error)
    {
        var limit = _transport.Http.Timeout;
        if (limit != System.Threading.Timeout.InfiniteTimeSpan && Clock.GetElapsedTime(_sentAt) >= limit - TimeSpan.FromMilliseconds(50))
            return Failures.ForeignTimeout(Facts(), limit, error);
        return Failures.Timeout(Facts(), VllmTimeoutKind.Connect, _transport.Options.ConnectTimeout, 0, error);
    }

    TimeSpan? Left() => _settings.Timeout is { } limit ? limit - Clock.GetElapsedTime(_started) : null;

    static async ValueTask CancelReadAsync(Stream body)
    {
        using var source = new CancellationTokenSource();
        var rest = new byte[1024];
        try
        {
            // What is buffered comes at once; the first read that waits is the one to cancel.
            for (var reads = 0; reads < 256; reads++)
            {
                var read = body.ReadAsync(rest, source.Token);
                if (!read.IsCompleted) await source.CancelAsync().ConfigureAwait(false);
                if (await read.ConfigureAwait(false) == 0) return;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException or InvalidOperationException)
        {
            // That is what was wanted: the connection is gone.
        }
    }
}

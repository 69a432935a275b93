using System.Text;
using System.Text.Json;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>A streamed response: sequence and enumerator at once. It ends normally only after the event that holds the whole response.</summary>
sealed class ResponsesStream(Transport transport, CallStart start, CallSettings settings, string path, byte[] requestBody, CancellationToken callToken)
    : IAsyncEnumerable<ResponsesEvent>, IAsyncEnumerator<ResponsesEvent>
{
    readonly ResponsesBuilder _builder = new();
    ResponsesEvent? _current;
    CancellationToken _loopToken;
    Exchange? _exchange;
    RequestMeasurement? _measurement;
    SseBuffer? _buffer;
    Stream? _body;
    long _readAt;
    int _eventsInRead;
    bool _emitted;
    bool _held;
    bool _begun;
    bool _ended;
    bool _terminal;

    /// <inheritdoc/>
    public ResponsesEvent Current => _current ?? throw new InvalidOperationException("There is no current event: call MoveNextAsync first, and only read Current while it returns true.");

    /// <inheritdoc/>
    public IAsyncEnumerator<ResponsesEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _begun, true))
            throw new InvalidOperationException("A streamed response can be enumerated once. Keep what it brings, or ask again.");
        _loopToken = cancellationToken;
        return this;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> MoveNextAsync()
    {
        if (_ended) return false;
        try
        {
            ThrowIfCancelled();
            if (_exchange is null && await BeginAsync().ConfigureAwait(false)) return _emitted = true;
            while (!_terminal)
            {
                if (_buffer!.TryRead())
                {
                    Take(_buffer.Data);
                    return _emitted = true;
                }

                var readFrom = transport.Clock.GetTimestamp();
                var read = _body!.ReadAsync(_buffer.Space(), _exchange!.Deadlines.Token);
                var waited = !read.IsCompleted;
                OnRead(await read.ConfigureAwait(false), readFrom, waited);
            }

            await CompleteAsync().ConfigureAwait(false);
            return false;
        }
        catch (Exception error)
        {
            var seen = await FailAsync(error).ConfigureAwait(false);
            if (ReferenceEquals(seen, error)) throw;
            throw seen;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        _measurement?.Dispose();
        if (_exchange is not null) await _exchange.AbortAsync(_body).ConfigureAwait(false);
        Release();
    }

    // A gateway may answer a streamed request with one JSON body. It is a response all the same, in one event: true.
    async ValueTask<bool> BeginAsync()
    {
        _measurement = transport.Telemetry.Start(start);
        _exchange = new Exchange(transport, settings, HttpMethod.Post, path, requestBody, _measurement, callToken, _loopToken);
        var response = await _exchange.SendAsync().ConfigureAwait(false);
        _readAt = transport.Clock.GetTimestamp();
        if (AnswerChecks.IsEventStream(response))
        {
            _exchange.Deadlines.Begin(VllmTimeoutKind.FirstToken, settings.FirstTokenTimeout);
            _buffer = new SseBuffer();
            _body = await BodyStream.OpenAsync(response, _exchange.Deadlines.Token).ConfigureAwait(false);
            return false;
        }

        _exchange.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
        using var bytes = await PooledBody.ReadAsync(_exchange, response, PooledBody.AnswerLimit).ConfigureAwait(false);
        _readAt = transport.Clock.GetTimestamp();
        _measurement.Event(_readAt);
        var whole = ResponsesReading.Result(_exchange, response, bytes.Bytes);
        _measurement.Completed(_readAt);
        whole = whole with { Info = _exchange.Info() };
        _current = new ResponsesEvent { Type = "response.completed", Response = whole, Raw = whole.Raw };
        return _terminal = true;
    }

    void OnRead(int count, long readFrom, bool waited)
    {
        var now = transport.Clock.GetTimestamp();
        if (_emitted) _measurement!.CallerHeld(readFrom - _readAt);
        _held = !waited && _emitted && transport.Clock.GetElapsedTime(_readAt, readFrom) >= StreamProgress.HeldAtLeast;
        _readAt = now;
        _eventsInRead = 0;
        if (count == 0) throw Failures.ResponseTruncated(_exchange!.Facts(), _exchange.ContentEvents, null);
        _exchange!.Deadlines.Touch(now);
        _measurement!.Received(count);
        _buffer!.Filled(count);
        if (_buffer.IsOverlong) throw Failures.Malformed(_exchange.Facts(), _exchange.ContentEvents, null);
    }

    void Take(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8)) throw Failures.ResponseTruncated(_exchange!.Facts(), _exchange.ContentEvents, null);
        _eventsInRead++;
        ResponsesEvent part;
        try
        {
            part = ResponsesReader.Event(data);
        }
        catch (JsonException error)
        {
            throw Failures.Malformed(_exchange!.Facts(), _exchange.ContentEvents, error);
        }

        _measurement!.Event(_readAt);
        Record(part);
        _builder.Add(part);
        switch (ResponsesEnd.Of(part))
        {
            case ResponsesEnd.Kind.Failed:
                throw Failures.InStream(_exchange!.Facts(), ResponsesEnd.Error(part, data), _exchange.ContentEvents);
            case ResponsesEnd.Kind.Cancelled:
                throw Failures.Aborted(_exchange!.Facts(), _exchange.ContentEvents);
            case ResponsesEnd.Kind.Complete:
                _terminal = true;
                _measurement.Finished(0, ResponsesEnd.Reason(part.Response));
                _measurement.Completed(_readAt);
                break;
        }

        _current = part.Response is { } response ? part with { Response = response with { Info = _exchange!.Info() } } : part;
    }

    // Records what the event brings, before the caller sees any of it.
    void Record(ResponsesEvent part)
    {
        if (part.Response is { } response) ResponsesReading.Tell(_measurement!, response);
        var kinds = ResponsesEnd.Content(part);
        if (kinds == ContentKinds.None) return;
        _measurement!.Content(new ContentArrival(
            _measurement.CallId, _readAt, 0, _eventsInRead, Encoding.UTF8.GetByteCount(part.Delta!), kinds, null, _held));
        if (_exchange!.ContentEvents++ == 0) _exchange.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
    }

    // The outcome was known with the last event; what follows only keeps the connection alive for the next call.
    async ValueTask CompleteAsync()
    {
        _ended = true;
        _current = null;
        _measurement!.Dispose();
        if (_body is not null) await _exchange!.DrainAsync(_body, _buffer!.Space()).ConfigureAwait(false);
        Release();
    }

    async ValueTask<Exception> FailAsync(Exception error)
    {
        if (_exchange is null) return error;
        var seen = _exchange.Translate(error);
        if (seen is IOException or HttpRequestException && _body is not null)
            seen = Failures.ResponseTruncated(_exchange.Facts(), _exchange.ContentEvents, error);
        if (seen is VllmException told && _builder.HasContent) told.PartialResult = _builder.ToResult(_exchange.Info());
        _ended = true;
        _current = null;
        _measurement!.Failed(seen);
        _measurement.Dispose();
        await _exchange.AbortAsync(_body).ConfigureAwait(false);
        Release();
        return seen;
    }

    void ThrowIfCancelled()
    {
        if (callToken.IsCancellationRequested) throw new OperationCanceledException("The call was cancelled.", callToken);
        if (_loopToken.IsCancellationRequested) throw new OperationCanceledException("The call was cancelled.", _loopToken);
        if (_exchange?.Deadlines.Fired is not null) throw new OperationCanceledException(_exchange.Deadlines.Token);
    }

    void Release()
    {
        _exchange?.Dispose();
        _buffer?.Dispose();
        _builder.Dispose();
    }
}

using System.Text.Json;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>The events of any stream as they are: one object per stream, sequence and enumerator at once. It ends normally only at the terminal marker.</summary>
sealed class RawStream(Transport transport, CallStart start, CallSettings settings, string path, byte[] requestBody, CancellationToken callToken)
    : IAsyncEnumerable<JsonElement>, IAsyncEnumerator<JsonElement>
{
    readonly Dictionary<int, bool> _finished = [];
    JsonElement? _current;
    CancellationToken _loopToken;
    Exchange? _exchange;
    RequestMeasurement? _measurement;
    SseBuffer? _buffer;
    Stream? _body;
    long _readAt;
    bool _begun;
    bool _ended;
    bool _terminal;
    bool _lastSeen;

    /// <inheritdoc/>
    public JsonElement Current => _current ?? throw new InvalidOperationException("There is no current event: call MoveNextAsync first, and only read Current while it returns true.");

    /// <inheritdoc/>
    public IAsyncEnumerator<JsonElement> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _begun, true))
            throw new InvalidOperationException("A streamed answer can be enumerated once. Keep what it brings, or ask again.");
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
            if (_exchange is null && await BeginAsync().ConfigureAwait(false)) return true;
            while (!_terminal)
            {
                if (_buffer!.TryRead())
                {
                    if (Take(_buffer.Data)) return true;
                    continue;
                }

                var readFrom = transport.Clock.GetTimestamp();
                if (_current is not null) _measurement!.CallerHeld(readFrom - _readAt);
                OnRead(await _body!.ReadAsync(_buffer.Space(), _exchange!.Deadlines.Token).ConfigureAwait(false));
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

    // Whether the answer came whole, in one JSON body, as some gateways give it.
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
        var value = RawReading.Value(_exchange, response, bytes.Bytes);
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            throw Failures.NotAnAnswer(_exchange.Facts(), (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, AnswerChecks.Start(bytes.Bytes));
        _current = value;
        return _terminal = true;
    }

    void OnRead(int count)
    {
        _readAt = transport.Clock.GetTimestamp();
        if (count == 0)
        {
            OnEndOfBody();
            return;
        }

        _exchange!.Deadlines.Touch(_readAt);
        _measurement!.Received(count);
        _buffer!.Filled(count);
        if (_buffer.IsOverlong) throw Failures.Malformed(_exchange.Facts(), _exchange.ContentEvents, null);
    }

    void OnEndOfBody()
    {
        var hasRest = _buffer!.TryReadRest();
        _terminal = hasRest
            ? _buffer.Data.SequenceEqual("[DONE]"u8)
            : _lastSeen || (!transport.Options.RequireDone && _exchange!.ContentEvents > 0 && _finished.Values.All(finished => finished));
        if (!_terminal) throw Failures.Truncated(_exchange!.Facts(), _exchange.ContentEvents, null);
    }

    bool Take(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            _terminal = true;
            return false;
        }

        JsonElement value;
        try
        {
            value = RawAnswer.Read(data);
        }
        catch (JsonException error)
        {
            throw Failures.Malformed(_exchange!.Facts(), _exchange.ContentEvents, error);
        }

        _measurement!.Event(_readAt);
        if (RawAnswer.EventError(value, data) is { } said) throw Failures.InStream(_exchange!.Facts(), said, _exchange.ContentEvents);
        if (RawAnswer.IsAborted(value)) throw Failures.Aborted(_exchange!.Facts(), _exchange.ContentEvents);
        if (_exchange!.ContentEvents++ == 0) _exchange.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
        RawAnswer.NoteChoices(value, _finished);
        _lastSeen = RawAnswer.IsLast(value);
        _current = value;
        return true;
    }

    async ValueTask CompleteAsync()
    {
        _ended = true;
        _current = null;
        _measurement!.Completed(_readAt);
        _measurement.Dispose();
        if (_body is not null) await _exchange!.DrainAsync(_body, _buffer!.Space()).ConfigureAwait(false);
        Release();
    }

    async ValueTask<Exception> FailAsync(Exception error)
    {
        if (_exchange is null) return error;
        var seen = _exchange.Translate(error);
        if (seen is IOException or HttpRequestException && _body is not null)
            seen = Failures.Truncated(_exchange.Facts(), _exchange.ContentEvents, error);
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
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>A streamed answer: one object per stream, sequence and enumerator at once. It ends normally only at the terminal marker.</summary>
sealed class AnswerStream<TResult, TUpdate>(
    Transport transport, AnswerKind<TResult, TUpdate> kind, CallStart start, CallSettings settings, string path, byte[] requestBody, CancellationToken callToken)
    : IAsyncEnumerable<TUpdate>, IAsyncEnumerator<TUpdate>
    where TResult : class where TUpdate : GenerationUpdate
{
    readonly StreamProgress _progress = new();
    TUpdate? _current;
    CancellationToken _loopToken;
    Exchange? _exchange;
    RequestMeasurement? _measurement;
    AnswerReader? _reader;
    AnswerEvent? _part;
    AnswerBuilder? _builder;
    SseBuffer? _buffer;
    Stream? _body;
    long _readAt;
    int _eventsInRead;
    int _next;
    bool _emitted;
    bool _held;
    bool _begun;
    bool _partOpen;
    bool _ended;
    bool _terminal;

    /// <inheritdoc/>
    public TUpdate Current => _current ?? throw new InvalidOperationException("There is no current update: call MoveNextAsync first, and only read Current while it returns true.");

    /// <inheritdoc/>
    public IAsyncEnumerator<TUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _begun, true))
            throw new InvalidOperationException("A streamed answer can be enumerated once. Keep what it brings, or ask again.");
        _loopToken = cancellationToken;
        return this;
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync()
    {
        if (_ended) return false;
        try
        {
            ThrowIfCancelled();
            if (_exchange is null) await BeginAsync().ConfigureAwait(false);
            while (true)
            {
                if (_partOpen && Emit()) return true;
                if (_terminal) break;
                if (_buffer!.TryRead())
                {
                    Take(_buffer.Data);
                    continue;
                }

                // Awaited here and not in a method of its own: a second state machine per read would cost more than the parsing.
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

    async ValueTask BeginAsync()
    {
        _measurement = transport.Telemetry.Start(start);
        _exchange = new Exchange(transport, settings, HttpMethod.Post, path, requestBody, _measurement, callToken, _loopToken);
        _reader = new AnswerReader(settings.DiscardText, keepUnknown: false, settings.CaptureRaw);
        _part = new AnswerEvent();
        _builder = new AnswerBuilder();
        var response = await _exchange.SendAsync().ConfigureAwait(false);
        _part.Head = new StreamHead { Info = _exchange.Info() };
        _readAt = transport.Clock.GetTimestamp();
        if (!AnswerChecks.IsEventStream(response))
        {
            await ReadWholeAsync(response).ConfigureAwait(false);
            return;
        }

        _exchange.Deadlines.Begin(VllmTimeoutKind.FirstToken, settings.FirstTokenTimeout);
        _buffer = new SseBuffer();
        _body = await BodyStream.OpenAsync(response, _exchange.Deadlines.Token).ConfigureAwait(false);
    }

    // A gateway may answer a streamed request with one JSON body. It is an answer all the same, in one event.
    async Task ReadWholeAsync(HttpResponseMessage response)
    {
        _exchange!.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
        using var bytes = await PooledBody.ReadAsync(_exchange, response, PooledBody.AnswerLimit).ConfigureAwait(false);
        _readAt = transport.Clock.GetTimestamp();
        AnswerChecks.Read(_exchange, response, bytes.Bytes, _reader!, _part!);
        Open();
        _terminal = true;
    }

    void OnRead(int count, long readFrom, bool waited)
    {
        var now = transport.Clock.GetTimestamp();
        if (_emitted) _measurement!.CallerHeld(readFrom - _readAt);
        _held = !waited && _emitted && transport.Clock.GetElapsedTime(_readAt, readFrom) >= StreamProgress.HeldAtLeast;
        _readAt = now;
        _eventsInRead = 0;
        if (count == 0)
        {
            OnEndOfBody();
            return;
        }

        _exchange!.Deadlines.Touch(now);
        _measurement!.Received(count);
        _buffer!.Filled(count);
        if (_buffer.IsOverlong) throw Failures.Malformed(_exchange.Facts(), _exchange.ContentEvents, null);
    }

    void OnEndOfBody()
    {
        if (_buffer!.TryReadRest() && _buffer.Data.SequenceEqual("[DONE]"u8)) _terminal = true;
        else if (!transport.Options.RequireDone && _progress.AllFinished(start.Request)) _terminal = true;
        else throw Failures.Truncated(_exchange!.Facts(), _exchange.ContentEvents, null);
    }

    void Take(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            _terminal = true;
            return;
        }

        _eventsInRead++;
        try
        {
            _reader!.Read(data, _part!);
        }
        catch (JsonException error)
        {
            throw Failures.Malformed(_exchange!.Facts(), _exchange.ContentEvents, error);
        }

        Open();
        if (_part!.Error is { } said) throw Failures.InStream(_exchange!.Facts(), said, _exchange.ContentEvents);
        if (AnswerChecks.IsAborted(_part)) throw Failures.Aborted(_exchange!.Facts(), _exchange.ContentEvents);
    }

    // Records what the event brings, before the caller sees any of it.
    void Open()
    {
        var part = _part!;
        if (_progress.Event()) _measurement!.Answered(part.Head.Id, part.Head.Model);
        _measurement!.Event(_readAt);
        part.Usage = StreamProgress.Known(part.Usage, _exchange!.ContentEvents);
        if (part.Usage is { } usage)
        {
            _builder!.Usage = usage;
            _measurement.Usage(usage);
        }

        for (var i = 0; i < part.ChoiceCount; i++) Record(part[i], part.Usage);
        _builder!.Add(part);
        _partOpen = true;
        _next = 0;
    }

    void Record(AnswerChoice choice, Usage? usage)
    {
        _progress.See(choice.Index);
        var kinds = choice.Kinds;
        if (kinds != ContentKinds.None)
        {
            var tokens = _progress.Tokens(choice, usage);
            _measurement!.Content(new ContentArrival(
                _measurement.CallId, _readAt, choice.Index, Math.Max(1, _eventsInRead), choice.TextBytes, kinds, tokens, _held));
            if (_exchange!.ContentEvents++ == 0 && _buffer is not null)
                _exchange.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
        }

        if (choice.FinishReason is not { } reason) return;
        _progress.Finish(choice.Index);
        _measurement!.Finished(choice.Index, reason);
    }

    bool Emit()
    {
        var part = _part!;
        var choice = _next < part.ChoiceCount ? part[_next] : null;
        if (choice is null && (_next > 0 || !part.IsRare))
        {
            _partOpen = false;
            return false;
        }

        _next++;
        var update = settings.DiscardText && _current is not null ? _current : kind.NewUpdate();
        UpdateFiller.Fill(update, part, choice, _readAt, Math.Max(1, _eventsInRead));
        _current = update;
        _emitted = true;
        return true;
    }

    // The outcome is known with the marker; what follows only keeps the connection alive for the next call.
    async ValueTask CompleteAsync()
    {
        _ended = true;
        _current = null;
        _measurement!.Completed(_readAt);
        _measurement.Dispose();
        _part!.Head.Info = _exchange!.Info();
        AnswerChecks.WarnOfToolCallInText(transport.Telemetry, start.Request, _builder!);
        if (_body is not null) await _exchange.DrainAsync(_body, _buffer!.Space()).ConfigureAwait(false);
        Release();
    }

    async ValueTask<Exception> FailAsync(Exception error)
    {
        if (_exchange is null) return error;
        var seen = _exchange.Translate(error);
        if (seen is IOException or HttpRequestException && _body is not null)
            seen = Failures.Truncated(_exchange.Facts(), _exchange.ContentEvents, error);
        if (seen is VllmException told && _builder!.HasContent) told.PartialResult = kind.Result(_builder, _exchange.Info());
        _ended = true;
        _current = null;
        _measurement!.Failed(seen);
        _measurement.Dispose();
        if (_part is { } part) part.Head.Info = _exchange.Info();
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
        _builder?.Dispose();
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>A streamed answer: one object per stream, sequence and enumerator at once. It ends normally only at its end as the server marks it.</summary>
/// <remarks>This is the loop: reading, stamping, deadlines, the end of the call. What an event means is decided by the derived types.</remarks>
abstract class EventStream<T>(Transport transport, CallStart start, CallSettings settings, string path, byte[] requestBody, CancellationToken callToken)
    : IAsyncEnumerable<T>, IAsyncEnumerator<T>
{
    static readonly TimeSpan DrainLimit = TimeSpan.FromMilliseconds(250);

    T? _current;
    CancellationToken _loopToken;
    Exchange? _exchange;
    RequestMeasurement? _measurement;
    SseBuffer? _buffer;
    Stream? _body;
    bool _hasCurrent;
    bool _emitted;
    bool _begun;
    bool _ended;

    /// <inheritdoc/>
    public T Current => _hasCurrent ? _current! : throw new InvalidOperationException("There is no current item: call MoveNextAsync first, and only read Current while it returns true.");

    protected CallStart Start => start;

    protected CallSettings Settings => settings;

    protected Transport Transport => transport;

    protected Exchange Exchange => _exchange!;

    protected RequestMeasurement Measurement => _measurement!;

    /// <summary>When the read returned that brought the event at hand.</summary>
    protected long ReadAt { get; private set; }

    /// <summary>How many events that read has brought so far; 0 for an answer that came whole.</summary>
    protected int EventsInRead { get; private set; }

    /// <summary>Whether the caller made the gap before that read, by holding the enumerator while data waited.</summary>
    protected bool Held { get; private set; }

    /// <summary>Set at the event that ends the answer.</summary>
    protected bool IsTerminal { get; set; }

    /// <inheritdoc/>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
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
                if (TryNext(ref _current)) return _hasCurrent = _emitted = true;
                if (IsTerminal) break;
                if (_buffer!.TryRead())
                {
                    TakeEvent(_buffer.Data);
                    continue;
                }

                if (_buffer.IsOverlong) throw Failures.Malformed(_exchange!.Facts(), _exchange.ContentEvents, null);
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

    /// <summary>Takes the next item out of the event at hand.</summary>
    /// <param name="current">The item before; takes the next one.</param>
    /// <returns>Whether there was one.</returns>
    protected abstract bool TryNext(ref T? current);

    /// <summary>Whether the data of an event is nothing but the marker of the end.</summary>
    protected virtual bool IsMarker(ReadOnlySpan<byte> data) => data.SequenceEqual("[DONE]"u8);

    /// <summary>Reads an event and records what it brings, before the caller sees any of it.</summary>
    /// <exception cref="JsonException">The event is not JSON.</exception>
    protected abstract void Take(ReadOnlySpan<byte> data);

    /// <summary>Reads an answer that came whole although a stream was asked for, as some gateways give it.</summary>
    protected abstract void TakeWhole(HttpResponseMessage response, ReadOnlySpan<byte> body);

    /// <summary>Whether what began has said how it ended: the marker alone makes no answer whole.</summary>
    protected virtual bool IsFinished => true;

    /// <summary>Whether the end of the body, without a marker, is a proper end all the same.</summary>
    protected virtual bool EndsWithoutMarker => false;

    /// <summary>What had arrived, for the exception; null if nothing had.</summary>
    protected virtual GenerationResult? Partial(CallInfo info) => null;

    protected virtual VllmException Truncated(Exception? cause) => Failures.Truncated(Exchange.Facts(), Exchange.ContentEvents, cause);

    /// <summary>The call has ended, well or not; how it went is final.</summary>
    protected virtual void OnEnded(CallInfo info, bool isComplete) { }

    /// <summary>Gives back what the derived type has rented.</summary>
    protected virtual void ReleaseParts() { }

    /// <summary>Counts an event with content; with the first, the wait for it ends and the watch over silence begins.</summary>
    protected void CountContent()
    {
        if (_exchange!.ContentEvents++ == 0 && _buffer is not null) _exchange.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
    }

    async ValueTask BeginAsync()
    {
        _measurement = transport.Telemetry.Start(start);
        _exchange = new Exchange(transport, settings, HttpMethod.Post, path, requestBody, _measurement, callToken, _loopToken);
        var response = await _exchange.SendAsync().ConfigureAwait(false);
        ReadAt = transport.Clock.GetTimestamp();
        if (AnswerChecks.IsEventStream(response))
        {
            _exchange.Deadlines.Begin(VllmTimeoutKind.FirstToken, settings.FirstTokenTimeout);
            _buffer = new SseBuffer();
            _body = await BodyStream.OpenAsync(response, _exchange.Deadlines.Token).ConfigureAwait(false);
            return;
        }

        _exchange.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
        using var bytes = await PooledBody.ReadAsync(_exchange, response, PooledBody.AnswerLimit).ConfigureAwait(false);
        ReadAt = transport.Clock.GetTimestamp();
        TakeWhole(response, bytes.Bytes);
        IsTerminal = true;
    }

    void OnRead(int count, long readFrom, bool waited)
    {
        var now = transport.Clock.GetTimestamp();
        if (_emitted) _measurement!.CallerHeld(readFrom - ReadAt);
        Held = !waited && _emitted && transport.Clock.GetElapsedTime(ReadAt, readFrom) >= StreamProgress.HeldAtLeast;
        ReadAt = now;
        EventsInRead = 0;
        if (count == 0)
        {
            OnEndOfBody();
            return;
        }

        _exchange!.Deadlines.Touch(now);
        _measurement!.Received(count);
        _buffer!.Filled(count);
    }

    void OnEndOfBody()
    {
        var hasRest = _buffer!.TryReadRest();
        if (_buffer.IsError) throw NamedError(_buffer.Data);
        IsTerminal = hasRest ? IsMarker(_buffer.Data) : EndsWithoutMarker;
        if (!IsTerminal) throw Truncated(null);
        CheckFinished();
    }

    void TakeEvent(ReadOnlySpan<byte> data)
    {
        if (_buffer!.IsError) throw NamedError(data);
        if (IsMarker(data))
        {
            IsTerminal = true;
            CheckFinished();
            return;
        }

        EventsInRead++;
        try
        {
            Take(data);
        }
        catch (JsonException error)
        {
            throw Failures.Malformed(_exchange!.Facts(), _exchange.ContentEvents, error);
        }
    }

    void CheckFinished()
    {
        if (transport.Options.RequireFinishReason && !IsFinished) throw Failures.Unfinished(_exchange!.Facts(), _exchange.ContentEvents);
    }

    VllmException NamedError(ReadOnlySpan<byte> data)
    {
        _measurement!.Event(ReadAt);
        return Failures.InStream(_exchange!.Facts(), ErrorReader.Event(data), _exchange.ContentEvents);
    }

    // The outcome is known with the marker; what follows only keeps the connection alive for the next call.
    async ValueTask CompleteAsync()
    {
        End();
        _measurement!.Completed(ReadAt);
        _measurement.Dispose();
        OnEnded(_exchange!.Info(), isComplete: true);
        if (_body is not null) await DrainAsync(_body).ConfigureAwait(false);
        Release();
    }

    // Only once the end of the body has been read can the next call use the connection.
    async ValueTask DrainAsync(Stream body)
    {
        _exchange!.Deadlines.EndPhase();
        // Its own timer may fire while it is disposed; a timer of ours that cancels it would throw then, with nobody to catch.
        using var source = new CancellationTokenSource(DrainLimit, transport.Clock);
        try
        {
            while (await body.ReadAsync(_buffer!.Space(), source.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            // The answer is complete; only the connection is lost.
        }
    }

    async ValueTask<Exception> FailAsync(Exception error)
    {
        if (_exchange is null) return error;
        var seen = _exchange.Translate(error);
        if (seen is IOException or HttpRequestException && _body is not null) seen = Truncated(error);
        if (seen is VllmException { PartialResult: null } told) told.Keep(Partial(_exchange.FailedInfo()));
        End();
        _measurement!.Failed(seen);
        _measurement.Dispose();
        OnEnded(_exchange.Info(), isComplete: false);
        await _exchange.AbortAsync(_body).ConfigureAwait(false);
        Release();
        return seen;
    }

    void End()
    {
        _ended = true;
        _hasCurrent = false;
        _current = default;
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
        ReleaseParts();
    }
}

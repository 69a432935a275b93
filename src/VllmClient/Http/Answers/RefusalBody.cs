using System.Buffers;

namespace Vllm.Http;

/// <summary>The body of an answer that is not 2xx: as much of it as came, up to the limit. The status has told the failure already, so a body that breaks is no failure of its own.</summary>
sealed class RefusalBody : IDisposable
{
    byte[] _buffer = ArrayPool<byte>.Shared.Rent(ErrorAnswers.BodyLimit);
    int _length;
    bool _ended;

    internal ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>What ended the body before its end; null if nothing did.</summary>
    internal Exception? Broken { get; private set; }

    /// <summary>Reads to the end, to the limit, or to where the body breaks. What is left then is left: the body is closed, and its connection with it.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="response">The answer.</param>
    /// <param name="idle">The limit for silence: one of its own, so that a further attempt still has the call's.</param>
    internal async ValueTask FillAsync(Exchange exchange, HttpResponseMessage response, Deadlines idle)
    {
        try
        {
            var stream = await BodyStream.OpenAsync(response, idle.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
                while (_length < ErrorAnswers.BodyLimit && !_ended) await ReadAsync(exchange, stream, idle).ConfigureAwait(false);
        }
        catch (Exception error) when (Exchange.IsEndOfCall(error) && !exchange.IsCancelled)
        {
            Broken = error;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    async ValueTask ReadAsync(Exchange exchange, Stream stream, Deadlines idle)
    {
        var count = await stream.ReadAsync(_buffer.AsMemory(_length, ErrorAnswers.BodyLimit - _length), idle.Token).ConfigureAwait(false);
        _ended = count == 0;
        _length += count;
        idle.Touch(exchange.Clock.GetTimestamp());
        exchange.Measurement?.Received(count);
    }
}

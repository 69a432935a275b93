using Vllm.Wire;

namespace Vllm.Http;

/// <summary>A response body read into pooled memory.</summary>
sealed class PooledBody : IDisposable
{
    /// <summary>More than any answer has reason to be.</summary>
    internal const int AnswerLimit = 512 * 1024 * 1024;

    byte[] _buffer;
    int _length;

    PooledBody(int size) => _buffer = Buffers.Rent<byte>(size);

    internal ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Whether the end of the body was reached within the limit.</summary>
    internal bool IsWhole { get; private set; }

    /// <summary>Reads to the end, or to the limit.</summary>
    internal static async Task<PooledBody> ReadAsync(Exchange exchange, HttpResponseMessage response, int limit)
    {
        // One byte more than announced, to find the end; a length is believed only as far as bytes come.
        var announced = response.Content.Headers.ContentLength + 1;
        var body = new PooledBody((int)Math.Clamp(announced ?? 4096, 256, Math.Min(limit, Buffers.LargestRented)));
        try
        {
            var stream = await BodyStream.OpenAsync(response, exchange.Deadlines.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
                await body.FillAsync(exchange, stream, limit, announced ?? limit).ConfigureAwait(false);
            return body;
        }
        catch (Exception error)
        {
            var bytes = body._length;
            body.Dispose();
            if (error is IOException && exchange.Deadlines.Fired is null) throw Failures.BodyBroken(exchange.Facts(), bytes, error);
            throw;
        }
    }

    public void Dispose()
    {
        Buffers.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    async Task FillAsync(Exchange exchange, Stream stream, int limit, long announced)
    {
        while (_length < limit)
        {
            if (_length == _buffer.Length) _buffer = Buffers.Grow(_buffer, _length, _length < announced ? (int)Math.Min(announced, limit) : limit);
            var room = Math.Min(_buffer.Length, limit) - _length;
            var count = await stream.ReadAsync(_buffer.AsMemory(_length, room), exchange.Deadlines.Token).ConfigureAwait(false);
            if (count == 0)
            {
                IsWhole = true;
                return;
            }

            _length += count;
            exchange.Deadlines.Touch(exchange.Clock.GetTimestamp());
            exchange.Measurement?.Received(count);
        }
    }
}

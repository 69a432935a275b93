using System.Buffers;
using System.Net;

namespace Vllm.Resources;

/// <summary>A fetched page, in a buffer that is given back on disposal.</summary>
sealed class Page(HttpStatusCode status, byte[] buffer, int length, long stamp) : IDisposable
{
    byte[] _buffer = buffer;

    public HttpStatusCode Status => status;

    /// <summary>The middle of the exchange.</summary>
    public long Stamp => stamp;

    public ReadOnlySpan<byte> Text => _buffer.AsSpan(0, length);

    public void Dispose()
    {
        var given = Interlocked.Exchange(ref _buffer, []);
        if (given.Length > 0) ArrayPool<byte>.Shared.Return(given);
    }
}

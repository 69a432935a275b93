using System.Text;
using System.Text.Json;

namespace Vllm.Http;

/// <summary>A call to the server itself: not measured, since it is no inference.</summary>
static class PlainCall
{
    internal delegate T Reader<T>(ReadOnlySpan<byte> body);

    /// <summary>Sends, and reads the whole body.</summary>
    internal static async Task<T> ReadAsync<T>(
        Transport transport, CallSettings settings, HttpMethod method, string path, byte[]? body, Reader<T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var exchange = new Exchange(transport, settings, method, path, body, null, cancellationToken);
        try
        {
            var response = await exchange.SendAsync().ConfigureAwait(false);
            exchange.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
            using var bytes = await PooledBody.ReadAsync(exchange, response, PooledBody.AnswerLimit).ConfigureAwait(false);
            return Read(exchange, response, bytes.Bytes, read);
        }
        catch (Exception error)
        {
            var seen = exchange.Translate(error);
            if (ReferenceEquals(seen, error)) throw;
            throw seen;
        }
    }

    internal static string Text(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body);

    static T Read<T>(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body, Reader<T> read)
    {
        try
        {
            return read(body);
        }
        // The reader throws the latter for names that are no text.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Failures.NotAnAnswer(exchange.Facts(), (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, AnswerChecks.Start(body));
        }
    }
}

using System.Net.Http.Headers;
using Vllm.Telemetry;

namespace Vllm.Http;

/// <summary>A body to send.</summary>
/// <param name="Bytes">The bytes, which serve every attempt.</param>
/// <param name="ContentType">Its media type; null for JSON.</param>
readonly record struct RequestBody(byte[] Bytes, MediaTypeHeaderValue? ContentType = null);

/// <summary>Reads the body of an answer, and makes the result once the call is over.</summary>
abstract class BodyReading<TResult> : IDisposable
{
    /// <exception cref="VllmException">It is an error, or no answer at all.</exception>
    internal abstract void Read(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body);

    /// <summary>Tells the measurement what the answer says of itself.</summary>
    internal abstract void Record(RequestMeasurement measurement);

    internal abstract TResult Result(CallInfo info);

    /// <summary>Gives back what the reading has rented; the call does it.</summary>
    public virtual void Dispose() { }
}

/// <summary>A call whose answer comes as one body. Without a start it is not measured.</summary>
static class BodyCall
{
    internal static async Task<TResult> SendAsync<TResult>(
        Transport transport, CallStart? start, CallSettings settings, HttpMethod method, string path, RequestBody? body, BodyReading<TResult> reading, CancellationToken cancellationToken)
    {
        using var own = reading;
        cancellationToken.ThrowIfCancellationRequested();
        using var measurement = start is { } measured ? transport.Telemetry.Start(measured) : null;
        using var exchange = body?.ContentType is { } contentType
            ? new Exchange(transport, settings, method, path, body?.Bytes, measurement, cancellationToken) { ContentType = contentType }
            : new Exchange(transport, settings, method, path, body?.Bytes, measurement, cancellationToken);
        try
        {
            var response = await exchange.SendAsync().ConfigureAwait(false);
            exchange.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
            using var bytes = await PooledBody.ReadAsync(exchange, response, PooledBody.AnswerLimit).ConfigureAwait(false);
            reading.Read(exchange, response, bytes.Bytes);
            if (measurement is not null) reading.Record(measurement);
            measurement?.Completed(transport.Clock.GetTimestamp());
            return reading.Result(exchange.Info());
        }
        catch (Exception error)
        {
            var seen = exchange.Translate(error);
            measurement?.Failed(seen);
            if (ReferenceEquals(seen, error)) throw;
            throw seen;
        }
    }
}

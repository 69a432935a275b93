using System.Text;
using System.Text.Json;
using Vllm.Telemetry;

namespace Vllm.Http;

/// <summary>Reads what the server says of itself, by a function over the bytes.</summary>
sealed class PlainReading<T>(PlainReading<T>.Reader read) : BodyReading<T>
{
    T? _value;

    internal delegate T Reader(ReadOnlySpan<byte> body);

    internal override void Read(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        try
        {
            _value = read(body);
        }
        // The reader throws the latter for names that are no text.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Failures.NotAnAnswer(exchange.Facts(), (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, AnswerChecks.Start(body));
        }
    }

    internal override void Record(RequestMeasurement measurement)
    {
        // Such calls are no inference, and are not measured.
    }

    internal override T Result(CallInfo info) => _value!;
}

/// <summary>Calls to the server itself: not measured, since they are no inference.</summary>
static class PlainCall
{
    /// <summary>Sends, and reads the whole body.</summary>
    internal static Task<T> ReadAsync<T>(
        Transport transport, CallSettings settings, HttpMethod method, string path, byte[]? body, PlainReading<T>.Reader read, CancellationToken cancellationToken) =>
        BodyCall.SendAsync(transport, null, settings, method, path, body is null ? null : new RequestBody(body), new PlainReading<T>(read), cancellationToken);

    internal static string Text(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body);
}

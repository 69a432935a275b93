using System.Text;
using System.Text.Json;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>Reads an answer of any path: JSON as it is, a text as a JSON string, nothing as an undefined value.</summary>
sealed class RawReading : BodyReading<JsonElement>
{
    JsonElement _value;

    internal override void Read(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body) => _value = Value(exchange, response, body);

    internal override void Record(RequestMeasurement measurement)
    {
        // Nothing is known of the answer.
    }

    internal override JsonElement Result(CallInfo info) => _value;

    internal static JsonElement Value(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return default;
        var contentType = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant();
        if (contentType is null)
        {
            // Texts of vLLM come without a type, and gateways forget that of JSON.
            return body[0] is (byte)'{' or (byte)'[' ? Json(exchange, response, body) : Text(body);
        }

        if (contentType == "application/json" || contentType.EndsWith("+json", StringComparison.Ordinal)) return Json(exchange, response, body);
        if (contentType.StartsWith("text/", StringComparison.Ordinal) && contentType is not ("text/html" or "text/event-stream")) return Text(body);
        throw Failures.NotAnAnswer(exchange.Facts(), (int)response.StatusCode, contentType, AnswerChecks.Start(body));
    }

    static JsonElement Text(ReadOnlySpan<byte> body) => RawAnswer.Quote(Encoding.UTF8.GetString(body));

    static JsonElement Json(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        RawAnswer answer;
        try
        {
            answer = RawAnswer.Whole(body);
        }
        catch (JsonException error)
        {
            throw AnswerChecks.Unreadable(exchange, response, body, error);
        }

        if (answer.Error is { } said) throw Failures.InBody(exchange.Facts(), (int)response.StatusCode, said, AnswerChecks.Start(body));
        return answer.IsAborted ? throw Failures.Aborted(exchange.Facts(), 0) : answer.Value;
    }
}

using System.Text.Json;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>Reads the answer of an endpoint whose form is known.</summary>
sealed class EndpointReading<TResult>(EndpointReader<TResult> reader) : BodyReading<TResult>
{
    internal override void Read(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var status = (int)response.StatusCode;
        var contentType = response.Content.Headers.ContentType?.MediaType;
        try
        {
            if (!reader.TryReadOther(body, contentType?.ToLowerInvariant(), Metadata(response))) reader.Read(body);
        }
        // The reader throws the latter for names that are no text.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw AnswerChecks.Unreadable(exchange, response, body, error);
        }

        if (reader.Error is { } said) throw Failures.InBody(exchange.Facts(), status, said, AnswerChecks.Start(body));
        if (!reader.HasAnswer) throw Failures.NotAnAnswer(exchange.Facts(), status, contentType, AnswerChecks.Start(body));
    }

    internal override void Record(RequestMeasurement measurement)
    {
        measurement.Answered(reader.Id, reader.Model);
        if (reader.Usage is { } usage) measurement.Usage(usage);
    }

    internal override TResult Result(CallInfo info) => reader.Result(info);

    static string? Metadata(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("metadata", out var values) ? values.ToString() : null;
}

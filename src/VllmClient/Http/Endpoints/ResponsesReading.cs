using System.Text.Json;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>Reads a body that should be one response. In a call that is measured, one that failed is an exception; to others it is a result like any other.</summary>
sealed class ResponsesReading : BodyReading<ResponsesResult>
{
    ResponsesResult _result = new();

    internal override void Read(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body) => _result = Result(exchange, response, body);

    internal override void Record(RequestMeasurement measurement)
    {
        // Told while the body was read, so that a response that failed is told as well.
    }

    internal override ResponsesResult Result(CallInfo info) => _result with { Info = info };

    /// <summary>The response in a body, of which the call's measurement is told.</summary>
    /// <exception cref="VllmException">It is an error, or no response at all, or, if measured, one that failed.</exception>
    internal static ResponsesResult Result(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var status = (int)response.StatusCode;
        ResponsesResult result;
        try
        {
            result = ResponsesReader.Result(body);
        }
        catch (JsonException error)
        {
            throw AnswerChecks.Unreadable(exchange, response, body, error);
        }

        if (!ResponsesReader.IsResponse(result))
        {
            throw ErrorReader.Body(body) is { } said
                ? Failures.InBody(exchange.Facts(), status, said, AnswerChecks.Start(body))
                : Failures.NotAnAnswer(exchange.Facts(), status, response.Content.Headers.ContentType?.MediaType, AnswerChecks.Start(body));
        }

        if (exchange.Measurement is not { } measurement) return result;
        Tell(measurement, result);
        return ResponsesEnd.Of(result) switch
        {
            ResponsesEnd.Kind.Failed => throw WithPart(Failures.InBody(exchange.Facts(), status, ResponsesEnd.Error(result), AnswerChecks.Start(body)), result, exchange),
            ResponsesEnd.Kind.Cancelled => throw WithPart(Failures.Aborted(exchange.Facts(), 0), result, exchange),
            _ => result,
        };
    }

    /// <summary>Tells a measurement what a response says of itself.</summary>
    internal static void Tell(RequestMeasurement measurement, ResponsesResult response)
    {
        measurement.Answered(response.Id, response.Model);
        if (response.Usage is { } usage) measurement.Usage(usage);
        if (response.Status == ResponsesStatus.Completed || response.Status == ResponsesStatus.Incomplete) measurement.Finished(0, ResponsesEnd.Reason(response));
    }

    static VllmException WithPart(VllmException failure, ResponsesResult result, Exchange exchange)
    {
        failure.Keep(result with { Info = exchange.FailedInfo() });
        return failure;
    }
}

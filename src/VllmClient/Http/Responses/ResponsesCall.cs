using System.Text.Json;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>A call whose answer is one whole response of the Responses API.</summary>
static class ResponsesCall
{
    /// <param name="transport">What all calls of the client share.</param>
    /// <param name="start">What is measured; null for calls that generate nothing, to which a failed response is a result like any other.</param>
    /// <param name="settings">What holds for this call.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path below the root.</param>
    /// <param name="body">The JSON body; null for none.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    internal static async Task<ResponsesResult> SendAsync(
        Transport transport, CallStart? start, CallSettings settings, HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var measurement = start is { } measured ? transport.Telemetry.Start(measured) : null;
        using var exchange = new Exchange(transport, settings, method, path, body, measurement, cancellationToken);
        try
        {
            var response = await exchange.SendAsync().ConfigureAwait(false);
            exchange.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
            using var bytes = await PooledBody.ReadAsync(exchange, response, PooledBody.AnswerLimit).ConfigureAwait(false);
            var result = Read(exchange, response, bytes.Bytes, measurement);
            measurement?.Completed(transport.Clock.GetTimestamp());
            return result with { Info = exchange.Info() };
        }
        catch (Exception error)
        {
            var seen = exchange.Translate(error);
            measurement?.Failed(seen);
            if (ReferenceEquals(seen, error)) throw;
            throw seen;
        }
    }

    /// <summary>Reads a body that should be one response, and tells the measurement of it.</summary>
    /// <exception cref="VllmException">It is an error, or no response at all, or, if measured, one that failed.</exception>
    internal static ResponsesResult Read(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body, RequestMeasurement? measurement)
    {
        var status = (int)response.StatusCode;
        var contentType = response.Content.Headers.ContentType?.MediaType;
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
                : Failures.NotAnAnswer(exchange.Facts(), status, contentType, AnswerChecks.Start(body));
        }

        if (measurement is null) return result;
        Record(measurement, result);
        return ResponsesEnd.Of(result) switch
        {
            ResponsesEnd.Kind.Failed => throw WithPart(Failures.InBody(exchange.Facts(), status, ResponsesEnd.Error(result), AnswerChecks.Start(body)), result, exchange),
            ResponsesEnd.Kind.Cancelled => throw WithPart(Failures.Aborted(exchange.Facts(), 0), result, exchange),
            _ => result,
        };
    }

    internal static void Record(RequestMeasurement measurement, ResponsesResult response)
    {
        measurement.Answered(response.Id, response.Model);
        if (response.Usage is { } usage) measurement.Usage(usage);
        if (response.Status == ResponsesStatus.Completed || response.Status == ResponsesStatus.Incomplete) measurement.Finished(0, ResponsesEnd.Reason(response));
    }

    static VllmException WithPart(VllmException failure, ResponsesResult result, Exchange exchange)
    {
        failure.PartialResult = result with { Info = exchange.Info() };
        return failure;
    }
}

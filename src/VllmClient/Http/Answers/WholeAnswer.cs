using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>A call whose answer comes as one JSON body.</summary>
static class WholeAnswer
{
    internal static async Task<TResult> SendAsync<TResult, TUpdate>(
        Transport transport, AnswerKind<TResult, TUpdate> kind, CallStart start, CallSettings settings, string path, byte[] body, CancellationToken cancellationToken)
        where TResult : class where TUpdate : GenerationUpdate
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var measurement = transport.Telemetry.Start(start);
        using var exchange = new Exchange(transport, settings, HttpMethod.Post, path, body, measurement, cancellationToken);
        using var builder = new AnswerBuilder();
        var part = new AnswerEvent();
        try
        {
            var response = await exchange.SendAsync().ConfigureAwait(false);
            exchange.Deadlines.Begin(VllmTimeoutKind.StreamIdle, settings.StreamIdleTimeout);
            using var bytes = await PooledBody.ReadAsync(exchange, response, PooledBody.AnswerLimit).ConfigureAwait(false);
            AnswerChecks.Read(exchange, response, bytes.Bytes, new AnswerReader(settings.DiscardText, keepUnknown: true), part);
            Record(measurement, part);
            builder.Add(part);
            builder.Usage = part.Usage;
            AnswerChecks.WarnOfToolCallInText(transport.Telemetry, start.Request, builder);
            measurement.Completed(transport.Clock.GetTimestamp());
            return kind.Result(builder, exchange.Info());
        }
        catch (Exception error)
        {
            var seen = exchange.Translate(error);
            if (seen is VllmStreamException { Reason: VllmStreamFailure.Aborted } aborted)
            {
                builder.Add(part);
                builder.Usage = part.Usage;
                Record(measurement, part);
                aborted.PartialResult = kind.Result(builder, exchange.Info());
            }

            measurement.Failed(seen);
            if (ReferenceEquals(seen, error)) throw;
            throw seen;
        }
    }

    static void Record(RequestMeasurement measurement, AnswerEvent part)
    {
        measurement.Answered(part.Head.Id, part.Head.Model);
        if (part.Usage is { } usage) measurement.Usage(usage);
        for (var i = 0; i < part.ChoiceCount; i++)
            if (part[i].FinishReason is { } reason) measurement.Finished(part[i].Index, reason);
    }
}

using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>Reads a whole chat or completion.</summary>
sealed class AnswerReading<TResult, TUpdate>(ClientTelemetry telemetry, AnswerKind<TResult, TUpdate> kind, CallStart start, bool discardText) : BodyReading<TResult>
    where TResult : GenerationResult where TUpdate : GenerationUpdate
{
    readonly AnswerBuilder _builder = new();
    readonly AnswerEvent _part = new();

    internal override void Read(Exchange exchange, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        try
        {
            AnswerChecks.Read(exchange, response, body, new AnswerReader(discardText, keepUnknown: true), _part);
        }
        catch (VllmStreamException aborted)
        {
            // What the server had generated before it stopped is told, to the measurement too.
            _builder.Add(_part, isWhole: true);
            Record(exchange.Measurement!);
            aborted.Keep(kind.Result(_builder, exchange.FailedInfo()));
            throw;
        }

        _builder.Add(_part, isWhole: true);
        AnswerChecks.WarnOfToolCallInText(telemetry, start.Request, _builder);
    }

    internal override void Record(RequestMeasurement measurement)
    {
        measurement.Answered(_part.Head.Id, _part.Head.Model);
        if (_builder.Usage is { } usage) measurement.Usage(usage);
        for (var i = 0; i < _part.ChoiceCount; i++)
            if (_part[i].FinishReason is { } reason) measurement.Finished(_part[i].Index, reason);
    }

    internal override TResult Result(CallInfo info) => kind.Result(_builder, info);

    public override void Dispose()
    {
        _builder.Dispose();
        base.Dispose();
    }
}

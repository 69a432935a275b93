using System.Text;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>The events of a streamed response. It ends normally only after the event that holds the whole response; it has no other marker.</summary>
sealed class ResponsesStream(Transport transport, CallStart start, CallSettings settings, string path, byte[] requestBody, CancellationToken callToken)
    : EventStream<ResponsesEvent>(transport, start, settings, path, requestBody, callToken)
{
    readonly ResponsesBuilder _builder = new();
    ResponsesEvent? _part;

    protected override bool IsMarker(ReadOnlySpan<byte> data) => false;

    protected override bool TryNext(ref ResponsesEvent? current)
    {
        if (_part is null) return false;
        (current, _part) = (_part, null);
        return true;
    }

    protected override void Take(ReadOnlySpan<byte> data)
    {
        // The marker of the other endpoints, where the whole response should be.
        if (data.SequenceEqual("[DONE]"u8)) throw Truncated(null);
        var part = ResponsesReader.Event(data);
        Measurement.Event(ReadAt);
        Record(part);
        _builder.Add(part);
        switch (ResponsesEnd.Of(part))
        {
            case ResponsesEnd.Kind.Failed:
                throw Failures.InStream(Exchange.Facts(), ResponsesEnd.Error(part, data), Exchange.ContentEvents);
            case ResponsesEnd.Kind.Cancelled:
                throw Failures.Aborted(Exchange.Facts(), Exchange.ContentEvents);
            case ResponsesEnd.Kind.Complete:
                IsTerminal = true;
                Measurement.Finished(0, ResponsesEnd.Reason(part.Response));
                Measurement.Completed(ReadAt);
                break;
        }

        _part = part.Response is { } response
            ? part with { Response = response with { Info = Exchange.Info(), Usage = Usage.Known(response.Usage, Exchange.ContentEvents > 0) } }
            : part;
    }

    protected override void TakeWhole(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        Measurement.Event(ReadAt);
        var whole = ResponsesReading.Result(Exchange, response, body);
        Measurement.Completed(ReadAt);
        whole = whole with { Info = Exchange.Info() };
        _part = new ResponsesEvent { Type = "response.completed", Response = whole, Raw = whole.Raw };
    }

    protected override GenerationResult? Partial(CallInfo info) => _builder.HasContent ? _builder.ToResult(info) : null;

    protected override VllmException Truncated(Exception? cause) => Failures.ResponseTruncated(Exchange.Facts(), Exchange.ContentEvents, cause);

    protected override void ReleaseParts() => _builder.Dispose();

    // Records what the event brings, before the caller sees any of it.
    void Record(ResponsesEvent part)
    {
        if (part.Response is { } response) ResponsesReading.Tell(Measurement, response);
        var kinds = ResponsesEnd.Content(part);
        if (kinds == ContentKinds.None) return;
        Measurement.Content(new ContentArrival
        {
            CallId = Measurement.CallId,
            Timestamp = ReadAt,
            EventsInRead = EventsInRead,
            TextBytes = Encoding.UTF8.GetByteCount(part.Delta!),
            Kinds = kinds,
            HeldByCaller = Held,
        });
        CountContent();
    }
}

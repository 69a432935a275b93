using System.Text.Json;
using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>The events of any stream as they are.</summary>
sealed class RawStream(Transport transport, CallStart start, CallSettings settings, string path, byte[] requestBody, CancellationToken callToken)
    : EventStream<JsonElement>(transport, start, settings, path, requestBody, callToken)
{
    readonly Dictionary<int, bool> _finished = [];
    JsonElement? _part;
    bool _awaitsLast;
    bool _lastSeen;

    protected override bool IsFinished => _finished.Values.All(finished => finished);

    protected override bool EndsWithoutMarker =>
        _lastSeen || (!Transport.Options.RequireDone && !_awaitsLast && Exchange.ContentEvents > 0 && IsWholeByItself);

    // Choices tell when they have finished; of other events nothing is known but where their body ends.
    bool IsWholeByItself => _finished.Count > 0 ? _finished.Values.All(finished => finished) : Exchange.BodyTellsItsEnd;

    protected override bool IsMarker(ReadOnlySpan<byte> data) => base.IsMarker(data) && (_lastSeen || !_awaitsLast);

    protected override bool TryNext(ref JsonElement current)
    {
        if (_part is not { } part) return false;
        (current, _part) = (part, null);
        return true;
    }

    protected override void Take(ReadOnlySpan<byte> data)
    {
        // The marker of the other endpoints, where the last event should be.
        if (base.IsMarker(data)) throw Truncated(null);
        var answer = RawAnswer.Event(data, _finished);
        Measurement.Event(ReadAt);
        if (answer.Error is { } said) throw Failures.InStream(Exchange.Facts(), said, Exchange.ContentEvents);
        if (answer.IsAborted) throw Failures.Aborted(Exchange.Facts(), Exchange.ContentEvents);
        CountContent();
        _awaitsLast |= RawAnswer.AwaitsLast(answer.Value);
        _lastSeen = RawAnswer.IsLast(answer.Value);
        _part = answer.Value;
    }

    protected override VllmException Truncated(Exception? cause) =>
        _awaitsLast ? Failures.LastEventMissing(Exchange.Facts(), Exchange.ContentEvents, cause) : base.Truncated(cause);

    protected override void TakeWhole(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var value = RawReading.Value(Exchange, response, body);
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            throw Failures.NotAnAnswer(Exchange.Facts(), (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, AnswerChecks.Start(body));
        _part = value;
    }
}

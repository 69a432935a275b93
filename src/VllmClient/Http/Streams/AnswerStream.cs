using Vllm.Telemetry;
using Vllm.Wire;

namespace Vllm.Http;

/// <summary>The updates of a streamed chat or completion: one per choice and event.</summary>
sealed class AnswerStream<TResult, TUpdate>(
    Transport transport, AnswerKind<TResult, TUpdate> kind, CallStart start, CallSettings settings, string path, byte[] requestBody, CancellationToken callToken)
    : EventStream<TUpdate>(transport, start, settings, path, requestBody, callToken)
    where TResult : GenerationResult where TUpdate : GenerationUpdate
{
    readonly StreamProgress _progress = new();
    readonly AnswerReader _reader = new(settings.DiscardText, keepUnknown: false, settings.CaptureRaw);
    readonly AnswerEvent _part = new();
    readonly AnswerBuilder _builder = new();
    int _next;
    bool _partOpen;

    protected override bool IsFinished => _progress.IsFinished;

    protected override bool EndsWithoutMarker => !Transport.Options.RequireDone && _progress.AllFinished(Start.Request);

    protected override bool TryNext(ref TUpdate? current)
    {
        if (!_partOpen) return false;
        var choice = _next < _part.ChoiceCount ? _part[_next] : null;
        if (choice is null && (_next > 0 || !_part.IsRare))
        {
            _partOpen = false;
            return false;
        }

        _next++;
        if (!Settings.DiscardText || current is null) current = kind.NewUpdate();
        UpdateFiller.Fill(current, _part, choice, ReadAt, Math.Max(1, EventsInRead));
        return true;
    }

    protected override void Take(ReadOnlySpan<byte> data)
    {
        _reader.Read(data, _part);
        Open(isWhole: false);
        if (_part.Error is { } said) throw Failures.InStream(Exchange.Facts(), said, Exchange.ContentEvents);
        if (AnswerChecks.IsAborted(_part)) throw Failures.Aborted(Exchange.Facts(), Exchange.ContentEvents);
    }

    protected override void TakeWhole(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        AnswerChecks.Read(Exchange, response, body, _reader, _part);
        Open(isWhole: true);
    }

    protected override GenerationResult? Partial(CallInfo info) => _builder.HasContent ? kind.Result(_builder, info) : null;

    protected override void OnEnded(CallInfo info, bool isComplete)
    {
        if (!ReferenceEquals(_part.Head, StreamHead.None)) _part.Head.Info = info;
        if (isComplete) AnswerChecks.WarnOfToolCallInText(Transport.Telemetry, Start.Request, _builder);
    }

    protected override void ReleaseParts() => _builder.Dispose();

    void Open(bool isWhole)
    {
        if (_progress.Event())
        {
            if (ReferenceEquals(_part.Head, StreamHead.None)) _part.Head = new();
            _part.Head.Info = Exchange.Info();
            Measurement.Answered(_part.Head.Id, _part.Head.Model);
        }

        Measurement.Event(ReadAt);
        for (var i = 0; i < _part.ChoiceCount; i++) Record(_part[i], _part.Usage);
        if (_part.Usage is { } usage)
        {
            Measurement.Usage(usage);
            _part.IsUsageUnknown = Usage.Known(usage, Exchange.ContentEvents > 0) is null;
        }

        _builder.Add(_part, isWhole);
        _partOpen = true;
        _next = 0;
    }

    void Record(AnswerChoice choice, Usage? usage)
    {
        if (choice.IsEmpty) return;
        _progress.See(choice.Index);
        var kinds = choice.Kinds;
        if (kinds != ContentKinds.None)
        {
            var tokens = _progress.Tokens(choice, usage);
            Measurement.Content(new ContentArrival
            {
                CallId = Measurement.CallId,
                Timestamp = ReadAt,
                Choice = choice.Index,
                EventsInRead = Math.Max(1, EventsInRead),
                TextBytes = choice.TextBytes,
                Kinds = kinds,
                OutputTokensSoFar = tokens,
                HeldByCaller = Held,
            });
            CountContent();
        }

        if (choice.FinishReason is not { } reason) return;
        _progress.Finish(choice.Index);
        Measurement.Finished(choice.Index, reason);
    }
}

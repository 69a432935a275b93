using Microsoft.Extensions.Logging;

namespace Vllm.Telemetry;

/// <summary>Records what a call came to, once it is known.</summary>
static class OutcomeRecorder
{
    internal static void Record(ClientTelemetry client, CallTags tags, InstrumentSet enabled, in VllmCallSummary call, int choices)
    {
        var instruments = client.Instruments;
        if (Has(enabled, InstrumentSet.Duration)) RecordDuration(instruments, tags, call);
        if (call.IsStream) RecordStream(instruments, tags, enabled, call, choices);
        if (call.Usage is { } usage) RecordUsage(instruments, tags, enabled, usage);
        else if (IsUsageMissing(call))
        {
            if (Has(enabled, InstrumentSet.UsageMissing)) instruments.UsageMissing.Add(1, in tags.Answer);
            if (call.Outcome == VllmCallOutcome.Completed) client.UsageMissing();
        }
    }

    /// <summary>Mean time per output token after the first content event, in seconds; null where the figures do not allow it.</summary>
    internal static double? TimePerOutputToken(in VllmCallSummary call, int choices)
    {
        if (call.Outcome != VllmCallOutcome.Completed || choices != 1) return null;
        if (call.Usage?.CompletionTokens is not { } tokens || tokens < 2) return null;
        if (call.Timings is not { FirstContent: { } first, LastContent: { } last }) return null;
        var rest = tokens - (call.FirstContentTokens ?? 1);
        return rest > 0 ? (last - first).TotalSeconds / rest : null;
    }

    /// <summary>One entry for a failure, whatever it was, and one at Debug for every end.</summary>
    internal static void Log(ClientTelemetry client, in ActiveKey key, in VllmCallSummary call)
    {
        var logger = client.Logger;
        switch (call.ErrorType)
        {
            case VllmTelemetry.ErrorTypes.StreamTruncated:
                Telemetry.Log.StreamTruncated(logger, call.CallId, call.ContentEvents);
                break;
            case VllmTelemetry.ErrorTypes.StreamError or VllmTelemetry.ErrorTypes.StreamOverloaded:
                Telemetry.Log.StreamServerError(logger, call.CallId, call.ErrorType, call.ContentEvents);
                break;
            case VllmTelemetry.ErrorTypes.StreamMalformed:
                Telemetry.Log.StreamMalformed(logger, call.CallId, call.ContentEvents);
                break;
            case VllmTelemetry.ErrorTypes.Aborted:
                Telemetry.Log.AnswerAborted(logger, call.CallId, call.ContentEvents);
                break;
            case not null when call.Outcome is VllmCallOutcome.Failed or VllmCallOutcome.TimedOut:
                // The exception itself goes to the caller: it can quote the request, and its stack trace says nothing that this does not.
                Telemetry.Log.CallFailed(logger, call.CallId, call.ErrorType, call.Timings.Closed.GetValueOrDefault().TotalSeconds, call.Operation, call.Model, key.Address, key.Port, call.Attempts, call.StatusCode, call.RequestId);
                break;
        }
        if (logger.IsEnabled(LogLevel.Debug)) LogEnded(logger, call);
    }

    static void LogEnded(ILogger logger, in VllmCallSummary call) => Telemetry.Log.CallEnded(
        logger,
        call.CallId,
        call.Outcome,
        call.Timings.Closed.GetValueOrDefault().TotalSeconds,
        call.Operation,
        call.Model,
        call.ErrorType,
        call.StatusCode,
        call.RequestId,
        call.Attempts,
        (call.Timings.FirstContent - call.Timings.Sent)?.TotalSeconds,
        call.LongestStall?.TotalSeconds,
        call.ContentEvents,
        call.Usage?.PromptTokens,
        call.Usage?.CompletionTokens,
        call.BytesReceived);

    static void RecordDuration(VllmInstruments instruments, CallTags tags, in VllmCallSummary call)
    {
        var seconds = (call.EndedTimestamp - call.StartedTimestamp) / (double)call.Clock.TimestampFrequency;
        if (call.ErrorType is null) instruments.Duration.Record(seconds, in tags.Answer);
        else instruments.Duration.Record(seconds, tags.AnswerError(call.ErrorType));
    }

    static void RecordStream(VllmInstruments instruments, CallTags tags, InstrumentSet enabled, in VllmCallSummary call, int choices)
    {
        if (Has(enabled, InstrumentSet.TimePerOutputToken) && TimePerOutputToken(call, choices) is { } perToken)
            instruments.TimePerOutputToken.Record(perToken, in tags.Answer);
        if (Has(enabled, InstrumentSet.LongestStall) && call.LongestStall is { } stall)
            instruments.LongestStall.Record(stall.TotalSeconds, in tags.Answer);
        if (Has(enabled, InstrumentSet.StreamChunks)) instruments.StreamChunks.Add(call.ContentEvents, in tags.Answer);
    }

    static void RecordUsage(VllmInstruments instruments, CallTags tags, InstrumentSet enabled, Usage usage)
    {
        if (Has(enabled, InstrumentSet.TokenUsage))
        {
            instruments.TokenUsage.Record(usage.PromptTokens, in tags.Input);
            if (usage.CompletionTokens is { } output && tags.Generates) instruments.TokenUsage.Record(output, in tags.Output);
        }
        if (Has(enabled, InstrumentSet.CacheReadInputTokens) && usage.CachedTokens is { } cached)
            instruments.CacheReadInputTokens.Add(cached, in tags.Answer);
        if (Has(enabled, InstrumentSet.ReasoningOutputTokens) && usage.ReasoningTokens is { } reasoning)
            instruments.ReasoningOutputTokens.Add(reasoning, in tags.Answer);
    }

    // A body that was read whole, or content of one that was not.
    static bool IsUsageMissing(in VllmCallSummary call) =>
        CallTags.GeneratesText(call.Operation)
        && (call.ContentEvents > 0 || (call.StatusCode is >= 200 and < 300 && call.Outcome is VllmCallOutcome.Completed or VllmCallOutcome.Aborted));

    static bool Has(InstrumentSet enabled, InstrumentSet instrument) => (enabled & instrument) != 0;
}

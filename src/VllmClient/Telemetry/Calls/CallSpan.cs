using System.Diagnostics;
using static Vllm.VllmTelemetry;

namespace Vllm.Telemetry;

/// <summary>What the span of a call says. All of it is static: the measurement owns the span.</summary>
static class CallSpan
{
    /// <summary>Opens the span of a call, or adopts the one that another library has opened for the same call.</summary>
    internal static Activity? Start(in CallStart start, CallTags tags, TimeProvider clock, out bool adopted)
    {
        var caller = Activity.Current;
        adopted = caller is not null && IsForeignCall(caller, start.Operation);
        if (adopted) return caller;
        if (!ClientTelemetry.Source.HasListeners()) return null;

        var span = ClientTelemetry.Source.StartActivity(tags.SpanName, ActivityKind.Client, default(ActivityContext), tags.SpanTags, links: null, clock.GetUtcNow());
        Activity.Current = caller;
        if (span is { IsAllDataRequested: true }) Request(span, start);
        return span;
    }

    internal static void Retry(Activity? span, int attempt, string errorType, TimeSpan delay, TimeProvider clock)
    {
        if (span is not { IsAllDataRequested: true }) return;
        span.AddEvent(new ActivityEvent("vllm.client.retry", clock.GetUtcNow(), new ActivityTagsCollection
        {
            ["vllm.client.attempt"] = attempt,
            [Attributes.ErrorType] = errorType,
            ["vllm.client.retry.delay"] = delay.TotalSeconds,
        }));
    }

    internal static void FirstContent(Activity? span, TimeProvider clock)
    {
        if (span is { IsAllDataRequested: true }) span.AddEvent(new ActivityEvent("vllm.client.first_content", clock.GetUtcNow()));
    }

    /// <summary>Writes what the call came to. An adopted span gets only what its owner does not know.</summary>
    internal static void End(Activity span, bool adopted, in VllmCallSummary call, string? responseId, string[]? finishReasons)
    {
        if (span.IsAllDataRequested)
        {
            if (!adopted) Answer(span, call, responseId, finishReasons);
            Details(span, call);
        }
        if (!adopted && IsError(call.Outcome)) span.SetStatus(ActivityStatusCode.Error, call.ErrorType);
    }

    internal static void Stop(Activity span, TimeSpan duration)
    {
        var caller = Activity.Current;
        span.SetEndTime(span.StartTimeUtc + duration);
        span.Stop();
        Activity.Current = caller;
    }

    static bool IsError(VllmCallOutcome outcome) =>
        outcome is VllmCallOutcome.Failed or VllmCallOutcome.TimedOut or VllmCallOutcome.Truncated or VllmCallOutcome.Aborted;

    static bool IsForeignCall(Activity caller, string operation) =>
        caller.Source.Name != ActivitySourceName
        && (caller.GetTagItem(Attributes.OperationName) as string == operation || IsNamed(caller.DisplayName, operation));

    static bool IsNamed(string name, string operation) =>
        name.StartsWith(operation, StringComparison.Ordinal) && (name.Length == operation.Length || name[operation.Length] == ' ');

    static void Request(Activity span, in CallStart start)
    {
        span.SetTag("gen_ai.request.stream", start.IsStream);
        if (start.Request is not { } request) return;
        if (request.MaxTokens is { } maxTokens) span.SetTag("gen_ai.request.max_tokens", maxTokens);
        if (request.Temperature is { } temperature) span.SetTag("gen_ai.request.temperature", temperature);
        if (request.TopP is { } topP) span.SetTag("gen_ai.request.top_p", topP);
        if (request.TopK is { } topK) span.SetTag("gen_ai.request.top_k", topK);
        if (request.Seed is { } seed) span.SetTag("gen_ai.request.seed", seed);
        if (request.N is { } choices and not 1) span.SetTag("gen_ai.request.choice.count", choices);
    }

    static void Answer(Activity span, in VllmCallSummary call, string? responseId, string[]? finishReasons)
    {
        if (responseId is not null) span.SetTag("gen_ai.response.id", responseId);
        if (call.ResponseModel is { } model) span.SetTag(Attributes.ResponseModel, model);
        if (finishReasons is not null) span.SetTag("gen_ai.response.finish_reasons", finishReasons);
        if (call.Timings.FirstContent is { } first) span.SetTag("gen_ai.response.time_to_first_chunk", first.TotalSeconds);
        if (call.ErrorType is { } errorType) span.SetTag(Attributes.ErrorType, errorType);
        if (call.Usage is not { } usage) return;
        span.SetTag("gen_ai.usage.input_tokens", usage.PromptTokens);
        if (usage.CompletionTokens is { } output) span.SetTag("gen_ai.usage.output_tokens", output);
        if (usage.CachedTokens is { } cached) span.SetTag("gen_ai.usage.cache_read.input_tokens", cached);
        if (usage.ReasoningTokens is { } reasoning) span.SetTag("gen_ai.usage.reasoning.output_tokens", reasoning);
    }

    static void Details(Activity span, in VllmCallSummary call)
    {
        if (call.RequestId is { } requestId) span.SetTag(Attributes.RequestId, requestId);
        if (call.Attempts > 0) span.SetTag(Attributes.Attempts, call.Attempts);
        if (call.Timings.Queued is { } queued) span.SetTag("vllm.client.time_in_queue", queued.TotalSeconds);
        if (call.Timings is { FirstContent: { } first, Sent: { } sent }) span.SetTag("vllm.client.time_to_first_token", (first - sent).TotalSeconds);
        if (call.IsStream) span.SetTag("vllm.client.stream.chunks", call.ContentEvents);
        if (call.LongestStall is { } stall) span.SetTag("vllm.client.stream.longest_stall", stall.TotalSeconds);
    }
}

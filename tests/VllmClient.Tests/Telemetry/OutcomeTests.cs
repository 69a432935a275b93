using Vllm.Telemetry;
using static Vllm.VllmTelemetry;

namespace Vllm.Tests.Telemetry;

public sealed class OutcomeTests : IDisposable
{
    readonly MeasuredClient _client = new();

    public static TheoryData<string, Exception, string, VllmCallOutcome> Failures => new()
    {
        { "400", new VllmValidationException("m", 400), "400", VllmCallOutcome.Failed },
        { "302", new VllmApiException("m", 302), "302", VllmCallOutcome.Failed },
        { "429", new VllmRateLimitException("m", 429), "429", VllmCallOutcome.Failed },
        { "503", new VllmRateLimitException("m", 503), "503", VllmCallOutcome.Failed },
        { "418", new VllmApiException("m", 418), "418", VllmCallOutcome.Failed },
        { "200 html", new VllmApiException("m", 200), "invalid_response", VllmCallOutcome.Failed },
        { "dns", new VllmConnectionException("m", HttpRequestError.NameResolutionError), "name_resolution_error", VllmCallOutcome.Failed },
        { "ended", new VllmConnectionException("m", HttpRequestError.ResponseEnded), "response_ended", VllmCallOutcome.Failed },
        { "unknown", new VllmConnectionException("m", HttpRequestError.Unknown), "connection_error", VllmCallOutcome.Failed },
        { "connect", Timeout(VllmTimeoutKind.Connect), "connect_timeout", VllmCallOutcome.TimedOut },
        { "headers", Timeout(VllmTimeoutKind.ResponseHeaders), "response_headers_timeout", VllmCallOutcome.TimedOut },
        { "first token", Timeout(VllmTimeoutKind.FirstToken), "first_token_timeout", VllmCallOutcome.TimedOut },
        { "idle", Timeout(VllmTimeoutKind.StreamIdle), "stream_idle_timeout", VllmCallOutcome.TimedOut },
        { "total", Timeout(VllmTimeoutKind.Total), "total_timeout", VllmCallOutcome.TimedOut },
        { "error", new VllmStreamException("m", VllmStreamFailure.ServerError), "stream_error", VllmCallOutcome.Failed },
        { "overloaded", new VllmStreamException("m", VllmStreamFailure.ServerError) { Code = "503" }, "stream_overloaded", VllmCallOutcome.Failed },
        { "malformed", new VllmStreamException("m", VllmStreamFailure.Malformed), "stream_malformed", VllmCallOutcome.Failed },
        { "truncated", new VllmStreamException("m", VllmStreamFailure.Truncated), "stream_truncated", VllmCallOutcome.Truncated },
        { "aborted", new VllmStreamException("m", VllmStreamFailure.Aborted), "aborted", VllmCallOutcome.Aborted },
        { "cancelled", new OperationCanceledException(), "cancelled", VllmCallOutcome.Cancelled },
        { "disposed client", new ObjectDisposedException("m"), "_OTHER", VllmCallOutcome.Failed },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void A_call_that_fails_before_any_answer_records_its_duration_and_nothing_else(string name, Exception error, string errorType, VllmCallOutcome outcome)
    {
        using var call = _client.Call();
        _client.Pass(250);

        var returned = call.Failed(error);

        returned.ShouldBeSameAs(error, name);
        call.Outcome.ShouldBe(outcome);
        var only = _client.Recordings.ShouldHaveSingleItem();
        only.Instrument.ShouldBe(Instruments.OperationDuration);
        only.Value.ShouldBe(0.25);
        only[Attributes.ErrorType].ShouldBe(errorType);
    }

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void A_stream_that_fails_after_two_chunks_records_what_had_arrived(string name, Exception error, string errorType, VllmCallOutcome outcome)
    {
        using var call = _client.Stream();
        call.Sent(1, "r");
        call.Headers(200);
        _client.Pass(100);
        _client.Arrive(call);
        _client.Pass(20);
        _client.Arrive(call);
        _client.Pass(500);

        call.Failed(error);

        _client.Of(Instruments.OperationDuration).ShouldHaveSingleItem()[Attributes.ErrorType].ShouldBe(errorType, name);
        _client.Of(Instruments.StreamChunks).ShouldHaveSingleItem().Value.ShouldBe(2);
        _client.Of(Instruments.UsageMissing).ShouldHaveSingleItem().Value.ShouldBe(1);
        _client.Of(Instruments.TimePerOutputToken).ShouldBeEmpty();
        _client.Of(Instruments.TokenUsage).ShouldBeEmpty();
        var expected = outcome == VllmCallOutcome.Aborted ? 0.02 : 0.5;
        _client.Of(Instruments.LongestStall).ShouldHaveSingleItem().Value.ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void A_complete_stream_records_each_figure_once_and_exactly()
    {
        using (var call = _client.Stream())
        {
            call.Queued();
            _client.Pass(40);
            call.GateLeft();
            _client.Pass(10);
            call.Sent(1, "r");
            _client.Pass(5);
            call.Headers(200);
            call.Answered("chatcmpl-r", "llama-3");
            call.Event(_client.Clock.GetTimestamp());
            _client.Pass(45);
            _client.Arrive(call, kinds: ContentKinds.Reasoning);
            _client.Pass(10);
            _client.Arrive(call);
            _client.Pass(30);
            _client.Arrive(call);
            call.Finished(0, FinishReason.Stop);
            call.Usage(new Usage { PromptTokens = 100, CompletionTokens = 5, TotalTokens = 105, CachedTokens = 0, ReasoningTokens = 3 });
            _client.Pass(2);
            _client.Complete(call);
            _client.Pass(1000);
        }

        Values(Instruments.OperationDuration).ShouldBe([0.142]);
        Values(Instruments.TimeToFirstChunk).ShouldBe([0.1]);
        Values(Instruments.TimePerOutputChunk).ShouldBe([0.01, 0.03]);
        Values(Instruments.TokenUsage).ShouldBe([100, 5]);
        Values(Instruments.TimeToFirstToken).ShouldBe([0.05]);
        Values(Instruments.TimeToFirstVisibleToken).ShouldBe([0.06]);
        Values(Instruments.TimePerOutputToken).ShouldBe([0.01]);
        Values(Instruments.LongestStall).ShouldBe([0.03]);
        Values(Instruments.StreamChunks).ShouldBe([3]);
        Values(Instruments.CacheReadInputTokens).ShouldBe([0]);
        Values(Instruments.ReasoningOutputTokens).ShouldBe([3]);
        Values(Instruments.TimeInQueue).ShouldBe([0.04]);
        _client.Recordings.Count.ShouldBe(14);
    }

    [Fact]
    public void A_complete_answer_that_is_not_streamed_records_duration_and_tokens_only()
    {
        using var call = _client.Call();
        call.Sent(1, "r");
        call.Headers(200);
        call.Usage(new Usage { PromptTokens = 7, CompletionTokens = 2, TotalTokens = 9 });
        call.Finished(0, FinishReason.Length);

        _client.Complete(call);

        _client.Recorded.ShouldBe([Instruments.OperationDuration, Instruments.TokenUsage, Instruments.TokenUsage]);
    }

    [Fact]
    public void The_first_outcome_wins_and_later_ones_record_nothing()
    {
        var call = _client.Stream();

        _client.Complete(call);
        call.Failed(new OperationCanceledException());
        call.Dispose();
        call.Dispose();

        call.Outcome.ShouldBe(VllmCallOutcome.Completed);
        _client.Of(Instruments.OperationDuration).ShouldHaveSingleItem()[Attributes.ErrorType].ShouldBeNull();
    }

    [Fact]
    public void A_stream_disposed_early_is_abandoned()
    {
        using (var call = _client.Stream()) _client.Arrive(call);

        _client.Of(Instruments.OperationDuration).ShouldHaveSingleItem()[Attributes.ErrorType].ShouldBe("abandoned");
    }

    [Fact]
    public void A_call_without_outcome_that_is_not_streamed_failed()
    {
        _client.Call().Dispose();

        _client.Of(Instruments.OperationDuration).ShouldHaveSingleItem()[Attributes.ErrorType].ShouldBe("_OTHER");
    }

    [Theory]
    [InlineData(2, VllmCallOutcome.Abandoned)]
    [InlineData(3, VllmCallOutcome.Completed)]
    public void A_stream_disposed_before_its_marker_is_complete_only_if_every_choice_asked_for_has_finished(int finished, VllmCallOutcome outcome)
    {
        var call = _client.Stream(request: new ChatRequest { Messages = ["q"], N = 3 });
        for (var choice = 0; choice < finished; choice++)
        {
            _client.Arrive(call, choice);
            call.Finished(choice, FinishReason.Stop);
            call.Finished(choice, FinishReason.Stop);
        }

        call.Dispose();

        call.Outcome.ShouldBe(outcome);
    }

    [Fact]
    public void Prompts_of_a_batch_multiply_the_choices()
    {
        var request = new CompletionRequest { Prompt = CompletionPrompt.FromTexts("a", "b"), N = 2 };
        var call = _client.Stream(request: request);
        for (var choice = 0; choice < 3; choice++) call.Finished(choice, FinishReason.Stop);

        call.Dispose();

        call.Outcome.ShouldBe(VllmCallOutcome.Abandoned);
    }

    [Fact]
    public void A_cancelled_stream_still_counts_the_running_usage()
    {
        using var call = _client.Stream();
        call.Sent(1, "r");
        _client.Arrive(call);
        call.Usage(new Usage { PromptTokens = 9, CompletionTokens = 1, TotalTokens = 10 });
        call.Usage(new Usage { PromptTokens = 9, CompletionTokens = 2, TotalTokens = 11 });

        call.Failed(new OperationCanceledException());

        Values(Instruments.TokenUsage).ShouldBe([9, 2]);
        _client.Of(Instruments.UsageMissing).ShouldBeEmpty();
        _client.Of(Instruments.CacheReadInputTokens).ShouldBeEmpty();
    }

    [Fact]
    public void Embeddings_count_no_output_tokens_and_miss_no_usage()
    {
        using var call = _client.Telemetry.Start(new CallStart("embeddings", "bge", false, null, null));
        using var bare = _client.Telemetry.Start(new CallStart("embeddings", "bge", false, null, null));
        call.Headers(200);
        call.Usage(new Usage { PromptTokens = 9, CompletionTokens = 0, TotalTokens = 9 });
        bare.Headers(200);

        _client.Complete(call);
        _client.Complete(bare);

        _client.Of(Instruments.TokenUsage).ShouldHaveSingleItem()[Attributes.TokenType].ShouldBe("input");
        _client.Of(Instruments.UsageMissing).ShouldBeEmpty();
    }

    [Fact]
    public void Retries_are_counted_by_the_failure_before()
    {
        using var call = _client.Call();
        call.Sent(1, "r");
        call.Retrying("503", TimeSpan.FromSeconds(1));
        call.Sent(2, "r-r1");

        var retry = _client.Of(Instruments.Retries).ShouldHaveSingleItem();
        retry.Value.ShouldBe(1);
        retry[Attributes.ErrorType].ShouldBe("503");
        call.Attempts.ShouldBe(2);
    }

    public void Dispose() => _client.Dispose();

    static VllmTimeoutException Timeout(VllmTimeoutKind kind) => new("m", kind, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), null);

    double[] Values(string instrument) => [.. _client.Of(instrument).Select(recording => Math.Round(recording.Value, 9))];
}

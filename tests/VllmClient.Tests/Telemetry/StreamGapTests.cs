using static Vllm.VllmTelemetry;

namespace Vllm.Tests.Telemetry;

public sealed class StreamGapTests : IDisposable
{
    readonly MeasuredClient _client = new();

    [Fact]
    public void Gaps_are_measured_per_choice_and_are_zero_within_one_read()
    {
        using var call = _client.Stream(request: new ChatRequest { Messages = ["q"], N = 3 });
        _client.Arrive(call, 0);
        _client.Pass(5);
        _client.Arrive(call, 2);
        _client.Pass(5);
        _client.Arrive(call, 0);
        _client.Arrive(call, 0);
        _client.Pass(20);
        _client.Arrive(call, 2);

        Values(Instruments.TimePerOutputChunk).ShouldBe([0.01, 0, 0.025]);
    }

    [Fact]
    public void A_gap_that_the_caller_made_is_neither_a_gap_nor_a_stall()
    {
        using var call = _client.Stream();
        _client.Arrive(call);
        _client.Pass(20);
        _client.Arrive(call);
        _client.Pass(200);
        _client.Arrive(call, heldByCaller: true);
        _client.Pass(30);
        _client.Arrive(call);
        _client.Complete(call);

        Values(Instruments.TimePerOutputChunk).ShouldBe([0.02, 0.03]);
        Values(Instruments.LongestStall).ShouldBe([0.03]);
    }

    [Fact]
    public void The_silence_before_a_break_is_a_stall_less_what_the_caller_spent()
    {
        using var call = _client.Stream();
        _client.Arrive(call);
        _client.Pass(300);
        call.CallerHeld(_client.Clock.TimestampFrequency / 10);

        call.Failed(new OperationCanceledException());

        Values(Instruments.LongestStall).ShouldBe([0.2]);
    }

    [Fact]
    public void The_silence_after_the_end_of_a_choice_is_no_stall()
    {
        using var call = _client.Stream(request: new ChatRequest { Messages = ["q"], N = 2 });
        _client.Arrive(call, 0);
        _client.Arrive(call, 1);
        call.Finished(0, FinishReason.Stop);
        call.Finished(1, FinishReason.Stop);
        _client.Pass(300);

        call.Failed(new VllmStreamException("m", VllmStreamFailure.Truncated));

        _client.Of(Instruments.LongestStall).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, 11, 0.01)]
    [InlineData(6, 11, 0.02)]
    [InlineData(11, 11, null)]
    [InlineData(null, 1, null)]
    [InlineData(null, null, null)]
    public void Time_per_output_token_leaves_out_the_tokens_of_the_first_event(int? first, int? tokens, double? expected)
    {
        using var call = _client.Stream();
        _client.Arrive(call, outputTokensSoFar: first);
        _client.Pass(100);
        _client.Arrive(call);
        call.Usage(new Usage { PromptTokens = 1, CompletionTokens = tokens, TotalTokens = 1 });
        _client.Complete(call);

        Values(Instruments.TimePerOutputToken).ShouldBe(expected is { } value ? [value] : []);
    }

    [Fact]
    public void Time_per_output_token_needs_a_single_choice()
    {
        using var call = _client.Stream();
        _client.Arrive(call, 0);
        _client.Pass(100);
        _client.Arrive(call, 1);
        call.Usage(new Usage { PromptTokens = 1, CompletionTokens = 9, TotalTokens = 10 });
        _client.Complete(call);

        _client.Of(Instruments.TimePerOutputToken).ShouldBeEmpty();
    }

    [Fact]
    public void Time_to_first_token_begins_with_the_last_attempt()
    {
        using var call = _client.Stream();
        call.Sent(1, "r");
        call.Headers(503);
        _client.Pass(1000);
        call.Retrying("503", TimeSpan.FromSeconds(1));
        call.Sent(2, "r-r1");
        call.Timings.Headers.ShouldBeNull();
        _client.Pass(50);
        _client.Arrive(call);

        Values(Instruments.TimeToFirstToken).ShouldBe([0.05]);
        Values(Instruments.TimeToFirstChunk).ShouldBe([1.05]);
        call.Timings.Sent.ShouldBe(TimeSpan.FromSeconds(1));
    }

    public void Dispose() => _client.Dispose();

    double[] Values(string instrument) => [.. _client.Of(instrument).Select(recording => Math.Round(recording.Value, 9))];
}

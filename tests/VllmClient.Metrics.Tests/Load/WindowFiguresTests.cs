using Vllm.Load;
using static Vllm.Tests.Load.HandTurns;

namespace Vllm.Tests.Load;

/// <summary>A window holds its start and not its end.</summary>
public sealed class WindowFiguresTests
{
    // 41 tokens, of which one came at 100 ms and the rest evenly until 300 ms; the answer closed at 310 ms.
    static readonly TurnRecord Streamed = Turn(0, 0, 0, 10, 100, 300, 310, 7, 41);
    static readonly TurnRecord Whole = Turn(0, 0, 0, 10, null, 300, 310, 7, 41);

    [Theory]
    [InlineData(0, 310, 0)]
    [InlineData(0, 311, 1)]
    [InlineData(310, 400, 1)]
    [InlineData(311, 400, 0)]
    public void A_turn_completes_when_it_ends(long start, long end, long count)
    {
        WindowFigures.Completed([Streamed, Failed(310)], Ms(start), Ms(end)).ShouldBe(count);
    }

    [Fact]
    public void A_window_without_length_has_nothing_in_flight() => WindowFigures.MeanInFlight([Streamed], Ms(50), Ms(50)).ShouldBe(0);

    [Fact]
    public void A_turn_without_an_end_is_not_in_flight() => WindowFigures.PeakInFlight([new() { Sent = 0 }, Streamed], 0, Ms(400)).ShouldBe(1);

    [Fact]
    public void A_turn_that_began_late_was_backlog_until_then_and_one_that_waited_in_vain_until_it_was_given_up()
    {
        TurnRecord[] turns = [Turn(0, 100, 150, 150, null, null, 200, null, null), Dropped(120) with { CeilingWait = Ms(50) }];

        WindowFigures.PeakBacklog(turns, 0, Ms(400)).ShouldBe(2);
        WindowFigures.PeakBacklog(turns, Ms(150), Ms(400)).ShouldBe(1);
        WindowFigures.PeakBacklog(turns, Ms(170), Ms(400)).ShouldBe(0);
    }

    [Theory]
    // Up to the first content, then with it, then half of the rest, then all, then none.
    [InlineData(0, 100, 0)]
    [InlineData(0, 101, 1.2)]
    [InlineData(100, 200, 21)]
    [InlineData(200, 400, 20)]
    [InlineData(0, 400, 41)]
    [InlineData(310, 400, 0)]
    [InlineData(0, 50, 0)]
    public void The_tokens_of_a_stream_come_first_at_once_then_evenly(long start, long end, double tokens) =>
        WindowFigures.TokensOf(Streamed, Ms(start), Ms(end)).ShouldBe(tokens, 1e-12);

    [Fact]
    public void Nothing_arrives_outside_of_the_window()
    {
        WindowFigures.TokensOf(Streamed, 0, Ms(100)).ShouldBe(0);
        WindowFigures.TokensOf(Streamed, Ms(300), Ms(400)).ShouldBe(0);
    }

    [Theory]
    [InlineData(0, 300, 0)]
    [InlineData(300, 305, 41)]
    [InlineData(301, 400, 0)]
    public void An_answer_that_is_not_streamed_comes_whole(long start, long end, double tokens) => WindowFigures.TokensOf(Whole, Ms(start), Ms(end)).ShouldBe(tokens);

    [Fact]
    public void Tokens_that_came_with_the_first_content_or_with_the_only_one_came_at_once()
    {
        WindowFigures.TokensOf(Streamed with { FirstChunkTokens = 21 }, 0, Ms(200)).ShouldBe(31);
        WindowFigures.TokensOf(Streamed with { LastContent = Ms(100) }, 0, Ms(101)).ShouldBe(41);
        WindowFigures.TokensOf(Streamed with { OutputTokens = null }, 0, Ms(400)).ShouldBe(0);
        WindowFigures.TokensOf(Whole with { OutputTokens = null }, 0, Ms(400)).ShouldBe(0);
    }

    [Fact]
    public void Only_completed_turns_with_usage_have_tokens()
    {
        WindowFigures.Tokens([], 0, Ms(400), withInput: false).ShouldBeNull();
        WindowFigures.Tokens([Streamed with { OutputTokens = null }, Streamed with { Outcome = TurnOutcome.Failed }], 0, Ms(400), withInput: false).ShouldBeNull();
        WindowFigures.Tokens([Streamed, Streamed with { Outcome = TurnOutcome.Failed }, Streamed with { OutputTokens = null }], 0, Ms(400), withInput: true).ShouldBe(48);
    }

    [Fact]
    public void Prompt_tokens_count_at_the_first_content_or_at_the_whole_answer()
    {
        WindowFigures.Tokens([Streamed], 0, Ms(100), withInput: true).ShouldBe(0);
        WindowFigures.Tokens([Streamed], Ms(100), Ms(200), withInput: true).ShouldBe(28);
        WindowFigures.Tokens([Streamed], Ms(100), Ms(200), withInput: false).ShouldBe(21);
        WindowFigures.Tokens([Whole], Ms(300), Ms(305), withInput: true).ShouldBe(48);
        WindowFigures.Tokens([Whole with { LastContent = null }], Ms(310), Ms(311), withInput: true).ShouldBe(48);
        WindowFigures.Tokens([Streamed with { InputTokens = null }], 0, Ms(400), withInput: true).ShouldBe(41);
    }

    [Fact]
    public void A_rate_needs_two_moments_and_turns_that_waited_until_the_stop_were_offered()
    {
        new OfferedTime(5, 1).PerSecond.ShouldBe(5e7);
        new OfferedTime(5, 0).PerSecond.ShouldBeNull();

        var phase = new PhaseFacts { Index = 1, Name = "rate", Start = 0, End = Ms(900), Offered = 3 };
        var facts = new RunFacts { Plan = new() { Phases = [] }, Turns = [Streamed with { Phase = 1 }], LeftOver = [Dropped(400) with { Phase = 1 }, Dropped(600) with { Phase = 2 }] };
        OfferedTime.Of(phase, facts).ShouldBe(new OfferedTime(1, Ms(400)));
    }
}

using Vllm.Load;
using Vllm.Statistics;
using static Vllm.Tests.Load.HandTurns;

namespace Vllm.Tests.Load;

public sealed class PhaseFiguresTests
{
    static readonly PhaseFacts First = new() { Index = 0, Name = "rate", Target = 10, Start = 0, End = Ms(1000), Offered = 2, IsTimed = true };
    static readonly PhaseFacts Second = First with { Index = 1, Name = "rate-2", Target = 20, Start = Ms(1000), End = Ms(2000) };

    [Fact]
    public void A_turn_that_took_no_time_has_no_rate()
    {
        var total = Total([Done(0) with { InputTokens = 5 }]);

        (total.Start, total.Elapsed, total.CompletedPerSecond, total.OutputTokensPerSecond, total.TotalTokensPerSecond).ShouldBe((TimeSpan.Zero, TimeSpan.Zero, 0, null, null));
    }

    [Fact]
    public void Without_a_turn_that_began_the_total_stands_at_the_start()
    {
        var total = Total([Dropped(500)]);

        (total.Start, total.Elapsed, total.Started, total.Dropped, total.FailedShare).ShouldBe((TimeSpan.Zero, TimeSpan.Zero, 0, 1, 1));
    }

    [Fact]
    public void The_total_has_the_target_of_the_only_phase()
    {
        (Total([Done(500)]).Name, Total([Done(500)]).Target).ShouldBe(("total", 10));
        PhaseFigures.Total(Facts([Done(500)]) with { Phases = [First, Second] }).Target.ShouldBeNull();
    }

    [Fact]
    public void Counts_are_those_of_completed_turns_that_know_them()
    {
        var turn = Done(500) with { InputTokens = 30, CachedTokens = 16, OutputTokens = 11 };

        var total = Total([turn, turn with { InputTokens = 50, CachedTokens = 32 }, turn with { InputTokens = null, CachedTokens = null, OutputTokens = null }, Failed(500) with { InputTokens = 1, CachedTokens = 1, OutputTokens = 1 }]);

        (total.InputTokens, total.CachedTokens, total.OutputTokens).ShouldBe((80, 48, 22));
        (total.InputLength!.Count, total.InputLength.Missing, total.InputLength.Mean).ShouldBe((2, 1, 40));
        (total.OutputLength!.Count, total.OutputLength.Missing, total.OutputLength.Mean).ShouldBe((2, 1, 11));
        Total([turn]).InputLength!.Count.ShouldBe(1);
        Total([Done(500) with { OutputTokens = null }]).OutputLength.ShouldBeNull();
        Total([Done(500)]).TotalTokensPerSecond.ShouldBe(22);
    }

    [Fact]
    public void Turns_stand_under_their_outcomes()
    {
        var total = Total([Done(500), Failed(500), Abandoned(500), Abandoned(500), CutOff(500), Dropped(0)]);

        (total.Started, total.Completed, total.Failed, total.Abandoned, total.CutOff, total.Dropped, total.FailedShare).ShouldBe((5, 1, 1, 2, 1, 1, 0.75));
    }

    [Fact]
    public void Turns_without_two_chunks_miss_the_gap_and_no_gaps_make_no_figure()
    {
        var gaps = new LogHistogram();
        for (var i = 0; i < 10; i++) gaps.Add(100);
        var facts = Facts([.. Done(4, 500).Zip([null, 1, 2, (int?)3], (turn, chunks) => turn with { Chunks = chunks })]);

        var both = PhaseFigures.Total(facts with { Phases = [First, Second], Gaps = new Dictionary<int, LogHistogram> { [0] = gaps, [1] = gaps } }).ChunkGap!;

        (both.Count, both.Missing, both.EffectiveCount).ShouldBe((20, 2, 4));
        PhaseFigures.Total(facts with { Gaps = new Dictionary<int, LogHistogram> { [0] = new() } }).ChunkGap.ShouldBeNull();
    }

    [Fact]
    public void A_turn_that_never_began_has_no_dispatch_delay_to_miss()
    {
        var delay = Total([Done(500), Dropped(0)]).DispatchDelay!;

        (delay.Count, delay.Missing).ShouldBe((1, 0));
        PhaseFigures.Total(Facts([Done(500)]) with { IsReal = false }).DispatchDelay.ShouldBeNull();
    }

    [Fact]
    public void A_quantile_says_how_many_turns_were_cut_off()
    {
        var cut = Total([Done(500), CutOff(700)]).Duration!;

        (cut.Count, cut.CutOff, cut.CutOffAtLeast).ShouldBe((1, 1, TimeSpan.FromMilliseconds(700)));
        (Total([Done(500)]).Duration!.CutOff, Total([Done(500)]).Duration!.CutOffAtLeast).ShouldBe((0, null));
    }

    [Fact]
    public void The_time_per_token_of_two_tokens_is_the_time_between_them() =>
        TurnFigures.TimePerOutputToken(Done(500) with { OutputTokens = 2 }).ShouldBe(Ms(250));

    [Fact]
    public void The_tokens_of_several_calls_or_choices_have_no_time_of_their_own()
    {
        TurnFigures.TimePerOutputToken(Done(500) with { Calls = 2 }).ShouldBeNull();
        TurnFigures.TimePerOutputToken(Done(500) with { HasSeveralChoices = true }).ShouldBeNull();
    }

    static PhaseReport Total(IReadOnlyList<TurnRecord> turns) => PhaseFigures.Total(Facts(turns));

    static RunFacts Facts(IReadOnlyList<TurnRecord> turns) => new() { Plan = new() { Phases = [] }, IsReal = true, Phases = [First], Turns = turns };
}

using Vllm.Load;
using static Vllm.Tests.Load.HandTurns;

namespace Vllm.Tests.Load;

public sealed class CutOffFiguresTests
{
    // Due 100, sent 150, cut off at 1,000; the gap then open was of 300 ms.
    static readonly TurnRecord Silent = CutOff(1000) with { Due = Ms(100), Sent = Ms(150), LongestGap = 300_000 };
    static readonly TurnRecord Answering = Silent with { FirstContent = Ms(400) };

    [Theory]
    [InlineData(LoadFigure.TimeToFirstToken, LatencyFrom.Due, 900)]
    [InlineData(LoadFigure.TimeToFirstToken, LatencyFrom.Sent, 850)]
    [InlineData(LoadFigure.Duration, LatencyFrom.Due, 900)]
    [InlineData(LoadFigure.Duration, LatencyFrom.Sent, 850)]
    [InlineData(LoadFigure.LongestGap, LatencyFrom.Due, 300)]
    [InlineData(LoadFigure.ChunkGap, LatencyFrom.Due, 300)]
    public void A_figure_is_at_least_as_long_as_it_lasted_until_the_cut(LoadFigure figure, LatencyFrom from, long atLeast) =>
        CutOffFigures.Of(figure, from, Silent).ShouldBe((Ms(atLeast), false));

    [Theory]
    [InlineData(LatencyFrom.Due, 300)]
    [InlineData(LatencyFrom.Sent, 250)]
    public void A_first_token_that_came_is_known_exactly(LatencyFrom from, long value) =>
        CutOffFigures.Of(LoadFigure.TimeToFirstToken, from, Answering).ShouldBe((Ms(value), true));

    [Fact]
    public void Of_the_time_per_token_nothing_is_known() => CutOffFigures.Of(LoadFigure.TimePerOutputToken, LatencyFrom.Due, Answering).ShouldBe((null, false));

    [Fact]
    public void Of_several_turns_the_shortest_is_the_least()
    {
        CutOffFigures.Least(LoadFigure.Duration, LatencyFrom.Due, [CutOff(700), CutOff(500), CutOff(900)]).ShouldBe(Ms(500));
        CutOffFigures.Least(LoadFigure.Duration, LatencyFrom.Due, []).ShouldBeNull();
    }
}

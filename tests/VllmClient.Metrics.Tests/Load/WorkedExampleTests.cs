using Vllm.Load;
using Vllm.Statistics;
using static Vllm.Tests.Load.HandTurns;

namespace Vllm.Tests.Load;

/// <summary>The worked example of the definitions, to the tick.</summary>
public sealed class WorkedExampleTests
{
    static readonly TurnRecord[] Turns =
    [
        Turn(0, 0, 0, 1, 51, 251, 252, 10, 21),
        Turn(1, 100, 100, 101, 161, 361, 362, 20, 11),
        Turn(2, 200, 202, 203, 303, 703, 704, 30, 41),
        Turn(3, 300, 300, 301, null, null, 306, null, null) with { Outcome = TurnOutcome.Failed, ErrorIndex = 0 },
        Turn(4, 400, 400, 401, 501, 501, 502, 40, 1),
    ];

    readonly LoadReport _report = ReportBuilder.Build(new()
    {
        Plan = new() { Phases = [LoadPhase.Rate(10, 5)], WarmUp = null },
        Duration = Ms(704),
        IsReal = true,
        Phases = [new() { Index = 0, Name = "rate", Target = 10, Start = Ms(200), End = Ms(700), Offered = 5 }],
        Turns = Turns,
    });

    [Fact]
    public void Latencies_are_those_of_the_table()
    {
        var total = _report.Total;

        Moments(total.TimeToFirstToken).ShouldBe((4, 0, 0.0775, 0.05, 0.1));
        Moments(total.TimeToFirstTokenFromDue).ShouldBe((4, 0, (51 + 61 + 103 + 101) / 4000.0, 0.051, 0.103));
        total.TimePerOutputToken!.Count.ShouldBe(3);
        total.TimePerOutputToken.Missing.ShouldBe(1);
        total.TimePerOutputToken.Mean.ShouldBe(TimeSpan.FromTicks(133_333));
        total.TimePerOutputToken.Max.ShouldBe(TimeSpan.FromSeconds(0.02));
        Moments(total.Duration).ShouldBe((4, 0, 0.2775, 0.1, 0.5));
        Moments(total.FailedDuration).ShouldBe((1, 0, 0.005, 0.005, 0.005));
        Moments(total.DispatchDelay).ShouldBe((5, 0, 0.0004, 0, 0.002));
        Moments(_report.Health[0].SendDelay).ShouldBe((5, 0, 0.001, 0.001, 0.001));
    }

    [Fact]
    public void Quantiles_are_nearest_rank_and_hidden_below_ten_values()
    {
        var first = Turns.Select(t => TurnFigures.TimeToFirstToken(t)).OfType<long>().Order().ToArray();
        var perToken = Turns.Select(t => TurnFigures.TimePerOutputToken(t)).OfType<long>().Order().ToArray();

        first.ShouldBe([Ms(50), Ms(60), Ms(100), Ms(100)]);
        perToken.ShouldBe([Ms(10), Ms(10), Ms(20)]);
        OrderStatistics.Quantile(first, 0.5).ShouldBe(Ms(60));
        OrderStatistics.Quantile(perToken, 0.5).ShouldBe(Ms(10));
        _report.Total.TimeToFirstToken!.P50.ShouldBeNull();
    }

    [Fact]
    public void The_total_runs_from_the_first_begin_to_the_last_end()
    {
        var total = _report.Total;

        total.Elapsed.ShouldBe(TimeSpan.FromMilliseconds(704));
        total.CompletedPerSecond.ShouldBe(4 / 0.704);
        total.OutputTokensPerSecond.ShouldBe(74 / 0.704);
        total.TotalTokensPerSecond.ShouldBe(174 / 0.704);
        total.MeanInFlight.ShouldBe(1119 / 704.0);
        total.PeakInFlight.ShouldBe(3);
        total.InputTokens.ShouldBe(100);
        total.OutputTokens.ShouldBe(74);
        total.FailedShare.ShouldBe(0.2);
    }

    [Fact]
    public void A_window_counts_what_arrived_in_it()
    {
        var phase = _report.Phases.Single();

        WindowFigures.Tokens(Turns, Ms(200), Ms(700), withInput: false)!.Value.ShouldBe(5.1 + 8.05 + 40.7 + 1, 1e-12);
        phase.OutputTokensPerSecond!.Value.ShouldBe(109.7, 1e-10);
        // The prompts of C and E came in with their first tokens.
        phase.TotalTokensPerSecond!.Value.ShouldBe((54.85 + 30 + 40) / 0.5, 1e-10);
        phase.Offered.ShouldBe(5);
        phase.MeanInFlight.ShouldBe(817 / 500.0);
        phase.PeakInFlight.ShouldBe(3);
        // B, E and A end inside; C ends at 704.
        phase.CompletedPerSecond.ShouldBe(6);
    }

    [Fact]
    public void The_counts_add_up()
    {
        var total = _report.Total;

        (total.Offered, total.Started, total.Completed, total.Failed, total.CutOff, total.Dropped).ShouldBe((5, 5, 4, 1, 0, 0));
        _report.Checks.ShouldHaveSingleItem().Passed.ShouldBe(true);
        _report.Verdict.ShouldBe(Verdict.Met);
    }

    [Fact]
    public void Slices_add_up_to_the_whole()
    {
        var slice = _report.Slices.ShouldHaveSingleItem();

        slice.Width.ShouldBe(TimeSpan.FromMilliseconds(704));
        (slice.Offered, slice.Started, slice.Completed, slice.Failed, slice.Backlog).ShouldBe((5, 5, 4, 1, 0));
        slice.OutputTokens.ShouldBe(74);
        slice.MeanInFlight.ShouldBe(1119 / 704.0);
        slice.TimeToFirstTokenP50.ShouldBe(TimeSpan.FromMilliseconds(60));
    }

    static (long Count, long Missing, double? Mean, double? Min, double? Max) Moments(Distribution<TimeSpan>? figure) =>
        (figure!.Count, figure.Missing, figure.Mean?.TotalSeconds, figure.Min?.TotalSeconds, figure.Max?.TotalSeconds);
}

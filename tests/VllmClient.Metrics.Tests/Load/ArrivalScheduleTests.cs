using Vllm.Load;

namespace Vllm.Tests.Load;

public sealed class ArrivalScheduleTests
{
    // From an independent implementation with the platform's logarithm, rounded to the tick.
    const string Known = "98751459aa4b53407d282a551f3386752e7b7b8450d326a679aa6c9f848cd8eb";

    [Fact]
    public void The_hash_of_a_schedule_is_the_same_on_every_platform()
    {
        var plan = new LoadPlan { Seed = 42, Phases = [LoadPhase.Rate(25, 1000), LoadPhase.Pause(TimeSpan.FromSeconds(1)), LoadPhase.Rate(7, TimeSpan.FromSeconds(60)) with { Arrivals = Arrivals.Even }] };

        ScheduleHash.Compute(plan).ShouldBe(Known);
        ScheduleHash.Compute(plan with { Seed = 43 }).ShouldNotBe(Known);
    }

    [Fact]
    public void Even_arrivals_begin_at_once_and_keep_their_distance()
    {
        var due = Due(LoadPhase.Rate(4, 4) with { Arrivals = Arrivals.Even });

        due.ShouldBe([0, 2_500_000, 5_000_000, 7_500_000]);
    }

    [Fact]
    public void A_timed_phase_ends_before_its_duration()
    {
        Due(LoadPhase.Rate(4, TimeSpan.FromSeconds(1)) with { Arrivals = Arrivals.Even }).Count.ShouldBe(4);
        Due(LoadPhase.Rate(3, TimeSpan.FromTicks(3_333_333)) with { Arrivals = Arrivals.Even }).ShouldBe([0], "a third of a second rounds to the phase's very end");
        Due(LoadPhase.Rate(1000, TimeSpan.FromSeconds(2))).ShouldAllBe(d => d >= 0 && d < 20_000_000);
    }

    [Fact]
    public void A_counted_phase_has_exactly_its_number_in_order()
    {
        var due = Due(LoadPhase.Rate(1000, 5000));

        due.Count.ShouldBe(5000);
        due.ShouldBe(due.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Poisson_gaps_are_exponential(int seed)
    {
        const int N = 20_000;
        const double Rate = 50;
        var due = Due(LoadPhase.Rate(Rate, N), (ulong)seed);
        var gaps = due.Select((d, i) => (d - (i == 0 ? 0 : due[i - 1])) / 1e7).Order().ToArray();

        // Kolmogorov-Smirnov: 1.63 / sqrt(n) is the 99 % point of the distance.
        var distance = gaps.Select((gap, i) => (Truth: 1 - Math.Exp(-gap * Rate), Low: i / (double)N, High: (i + 1) / (double)N))
            .Max(p => Math.Max(Math.Abs(p.Truth - p.Low), Math.Abs(p.Truth - p.High)));
        distance.ShouldBeLessThan(1.63 / Math.Sqrt(N));
    }

    [Fact]
    public void Phases_and_seeds_have_streams_of_their_own()
    {
        var phase = LoadPhase.Rate(50, 10);

        Due(phase, 1, 0).ShouldBe(Due(phase, 1, 0));
        Due(phase, 1, 0).ShouldNotBe(Due(phase, 1, 1));
        Due(phase, 1, 0).ShouldNotBe(Due(phase, 2, 0));
    }

    [Fact]
    public void The_logarithm_is_within_two_units_of_the_last_place()
    {
        var random = new Random(5);
        for (var i = 0; i < 100_000; i++)
        {
            var x = i < 50_000 ? 1 - random.NextDouble() : random.NextDouble() * Math.Pow(2, random.Next(-300, 300));
            if (x <= 0) continue;
            var expected = Math.Log(x);

            Math.Abs(StableMath.Log(x) - expected).ShouldBeLessThanOrEqualTo(2 * Math.BitIncrement(Math.Abs(expected)) - (2 * Math.Abs(expected)));
        }

        StableMath.Log(1).ShouldBe(0);
    }

    static List<long> Due(LoadPhase phase, ulong seed = 1, int index = 0)
    {
        var schedule = new ArrivalSchedule((RatePhase)phase, seed, index);
        var due = new List<long>();
        while (schedule.Next() is { } next) due.Add(next);
        return due;
    }
}

using Vllm.Resources;

namespace Vllm.Tests.Resources;

public class EnergyTests
{
    static GpuSample Gpu(int second, string id = "GPU-a", double? joules = null, double? watts = null, bool? isMig = null) =>
        new() { Id = id, Timestamp = second, EnergyJoules = joules, PowerWatts = watts, IsMig = isMig };

    static TargetSample Target(params GpuSample[] gpus) => new() { Name = "gpu-1", Gpus = gpus };

    static EnergySummary? Energy(IEnumerable<TargetSample> samples, int to, double? tokens = 100, TokenCountSource? from = TokenCountSource.Client) =>
        EnergyMath.Of(samples, new(0, to, 1, TimeSpan.FromSeconds(1)), tokens, from);

    [Fact]
    public void Ten_seconds_are_enough()
    {
        // 20 J a second; 100 tokens.
        Energy(Enumerable.Range(0, 11).Select(s => Target(Gpu(s, joules: 20 * s))), 10).ShouldBe(new EnergySummary
        {
            Joules = 200,
            Method = EnergyMethod.Counter,
            WindowSeconds = 10,
            CoveredShare = 1,
            JoulesPerOutputToken = 2,
            TokensPerJoule = 0.5,
            TokensFrom = TokenCountSource.Client,
        });
    }

    [Fact]
    public void Without_a_gpu_there_is_no_energy() => Energy([new() { Name = "gpu-1" }, Target()], 10).ShouldBeNull();

    [Fact]
    public void Gpus_add_up_and_some_may_have_no_counter()
    {
        // 20 J a second by the counter, 30 W by the power.
        var energy = Energy(Enumerable.Range(0, 11).Select(s => Target(Gpu(s, joules: 20 * s), Gpu(s, "GPU-b", watts: 30))), 10).ShouldNotBeNull();

        (energy.Joules, energy.Method, energy.CoveredShare).ShouldBe((500, EnergyMethod.Mixed, 1));
    }

    [Fact]
    public void Gpus_without_any_counter_are_integrated()
    {
        var energy = Energy(Enumerable.Range(0, 11).Select(s => Target(Gpu(s, watts: 10), Gpu(s, "GPU-b", watts: 30))), 10).ShouldNotBeNull();

        (energy.Joules, energy.Method).ShouldBe((400, EnergyMethod.Integrated));
    }

    [Fact]
    public void The_gpu_that_is_covered_least_counts()
    {
        // The second is read from 2 s to 10 s only, the third throughout.
        var energy = Energy(Enumerable.Range(0, 11).Select(s => Target(Gpu(s, joules: s), Gpu(Math.Max(2, s), "GPU-b", joules: s), Gpu(s, "GPU-c", joules: s))), 10).ShouldNotBeNull();

        energy.ShouldBe(new EnergySummary { WindowSeconds = 10, CoveredShare = 0.8, Reason = "readings cover only 80 % of the window", TokensFrom = TokenCountSource.Client });
    }

    [Fact]
    public void Nine_tenths_of_the_window_are_enough() =>
        Energy(Enumerable.Range(1, 10).Select(s => Target(Gpu(s, joules: s))), 10).ShouldNotBeNull().Joules.ShouldBe(9);

    [Fact]
    public void A_counter_read_for_less_than_a_second_is_still_the_counter()
    {
        var samples = new[] { Target(Gpu(0, joules: 1)), Target(Gpu(1, joules: 2)) };

        // Ticks are quarters of a second.
        EnergyMath.Of(samples, new(0, 40, 4, TimeSpan.FromSeconds(1)), 100, null).ShouldNotBeNull().CoveredShare.ShouldBe(0.025);
    }

    [Theory]
    [InlineData(null, "nobody counted output tokens")]
    [InlineData(0.0, "no output tokens")]
    public void Energy_without_tokens_says_why_it_has_no_price_per_token(double? tokens, string reason) =>
        Energy(Enumerable.Range(0, 11).Select(s => Target(Gpu(s, joules: 20 * s))), 10, tokens, null)
            .ShouldBe(new EnergySummary { Joules = 200, Method = EnergyMethod.Counter, WindowSeconds = 10, CoveredShare = 1, Reason = reason });

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Gpus_that_used_nothing_say_so(int tokens) =>
        Energy(Enumerable.Range(0, 11).Select(s => Target(Gpu(s, joules: 7))), 10, tokens).ShouldNotBeNull().Reason.ShouldBe("the GPUs used no energy");

    [Fact]
    public void A_single_token_has_its_energy_too()
    {
        var energy = Energy(Enumerable.Range(0, 11).Select(s => Target(Gpu(s, watts: 0.05))), 10, tokens: 1).ShouldNotBeNull();

        energy.JoulesPerOutputToken.ShouldNotBeNull().ShouldBe(0.5, 1e-12);
        energy.TokensPerJoule.ShouldNotBeNull().ShouldBe(2, 1e-12);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(null, false)]
    [InlineData(true, true)]
    public void A_gpu_that_was_partitioned_at_any_time_shares_its_meter(bool? isMig, bool shared) =>
        (Energy(Enumerable.Range(0, 11).Select(s => Target(Gpu(s, joules: s, isMig: s == 5 ? isMig : false), Gpu(s, "GPU-b", joules: s))), 10).ShouldNotBeNull().Joules is null).ShouldBe(shared);
}

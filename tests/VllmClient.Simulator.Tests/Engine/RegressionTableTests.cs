using Vllm.Simulator;
using Vllm.Simulator.Serving;

namespace Vllm.Tests.Engine;

/// <summary>Rows of the table that an independent model of the same rules gave (milliseconds, tokens per second, percent).</summary>
public sealed class RegressionTableTests
{
    [Theory]
    [InlineData(256, 256, 1, 1964, 11.8, 12.9, 7.53, 7.58, 7.5, 8.3, 132, 0)]
    [InlineData(256, 256, 32, 2315, 20.6, 29.6, 8.97, 9.10, 8.6, 12.8, 3548, 3)]
    [InlineData(256, 256, 128, 3753, 33.5, 50.5, 14.6, 14.9, 12.7, 27.6, 8728, 12)]
    [InlineData(256, 256, 512, 11130, 91.5, 126, 43.3, 44.1, 42.5, 68.5, 11770, 47)]
    [InlineData(1024, 128, 32, 1915, 40.8, 103, 14.7, 16.1, 9.8, 55.4, 2140, 8)]
    [InlineData(1024, 128, 128, 5095, 101, 198, 39.3, 42.3, 38.1, 113, 3217, 32)]
    public void Closed_loops_of_users_behave_as_the_independent_model(
        int input, int output, int users, double latency, double ttft50, double ttft99, double tpot, double tpot99, double gap50, double gap99, double rate, int memory)
    {
        var load = new RegressionLoad { Input = input, Output = output, Users = users };

        Check(load, new(latency, ttft50, ttft99, tpot, tpot99, gap50, gap99, rate, memory));
    }

    [Fact]
    public void Answers_of_one_length_keep_in_step()
    {
        var load = new RegressionLoad { Input = 256, Output = 256, Users = 32, Spread = 0 };

        Check(load, new(2383, 203, 224, 8.54, 8.59, 8.5, 9.4, 3437, 4));
    }

    [Fact]
    public void A_shared_beginning_is_computed_once()
    {
        var load = new RegressionLoad { Input = 1024, Output = 128, Users = 128, Shared = 912 };

        Check(load, new(2397, 38.7, 48.2, 18.6, 18.9, 18.2, 25.3, 6838, 6));
    }

    [Theory]
    [InlineData(8192, 11760, 144, 457, 45.7, 50.2, 22.3, 218, 1384)]
    [InlineData(2048, 11460, 235, 639, 44.0, 48.2, 32, 71, 1426)]
    public void Long_prompts_slow_their_neighbours_and_a_small_budget_spares_them(
        int budget, double latency, double ttft50, double ttft99, double tpot, double tpot99, double gap50, double gap99, double rate)
    {
        var load = new RegressionLoad
        {
            Input = 4096,
            Output = 256,
            Users = 64,
            Model = RegressionLoad.Default with { MaxBatchedTokens = budget, PrefillAttention = 0 },
        };

        Check(load, new(latency, ttft50, ttft99, tpot, tpot99, gap50, gap99, rate, 61), seeds: budget == 2048 ? 5 : 1);
    }

    [Fact]
    public void A_full_cache_makes_newcomers_wait_and_takes_blocks_away_now_and_then()
    {
        var load = new RegressionLoad { Input = 1024, Output = 128, Users = 512 };

        Check(load, new(19180, 4091, 4439, 119, 126, 114, 234, 3417, 100), loose: true, preempted: 6.5, seeds: 5);
    }

    [Fact]
    public void A_tiny_cache_takes_blocks_away_often()
    {
        var load = new RegressionLoad { Input = 1024, Output = 128, Users = 32, Model = SimulatorOptions.Tiny.ToStepModel() };

        Check(load, new(2151, 239, 494, 14.9, 17.1, 9.6, 59, 1904, 100), loose: true, preempted: 172);
    }

    [Theory]
    [InlineData(10, 1401, 38.0, 105, 10.7, 13.8, 8.5, 40, 1266, 8)]
    [InlineData(20, 2615, 55.5, 194, 20.1, 31.2, 11.7, 89, 2543, 25)]
    public void Arrivals_at_random_behave_as_the_independent_model(
        double perSecond, double latency, double ttft50, double ttft99, double tpot, double tpot99, double gap50, double gap99, double rate, int memory)
    {
        var load = new RegressionLoad { Input = 1024, Output = 128, PerSecond = perSecond, InputSpread = 0.5 };

        Check(load, new(latency, ttft50, ttft99, tpot, tpot99, gap50, gap99, rate, memory), loose: true);
    }

    static void Check(RegressionLoad load, Row row, bool loose = false, double? preempted = null, int seeds = 1)
    {
        var runs = Enumerable.Range(1, seeds).Select(seed => (load with { Seed = (ulong)seed }).Run()).ToList();
        var turns = runs.SelectMany(run => run.Turns).ToList();
        var memory = runs.Max(run => run.Memory);
        var preemptions = runs.Sum(run => run.Preemptions);

        var close = loose ? 0.12 : 0.05;
        var gaps = turns.SelectMany(turn => turn.Gaps).Order().ToList();
        var first = turns.Select(turn => turn.FirstToken).Order().ToList();
        var tpot = turns.Select(turn => turn.Tpot).Order().ToList();
        turns.ShouldSatisfyAllConditions(
            () => Near(turns.Average(turn => turn.Latency), row.Latency, close, "latency"),
            () => Near(tpot.Average(), row.Tpot, close, "TPOT"),
            () => Near(Quantile(tpot, 0.99), row.Tpot99, 0.12, "TPOT p99"),
            () => Near(Quantile(first, 0.5), row.Ttft50, close, "TTFT p50"),
            () => Near(Quantile(first, 0.99), row.Ttft99, 0.12, "TTFT p99"),
            () => Near(Quantile(gaps, 0.5), row.Gap50, 0.12, "gap p50"),
            () => Near(Quantile(gaps, 0.99), row.Gap99, 0.12, "gap p99"),
            () => Near((gaps.Count + turns.Count) / (double)(RegressionLoad.Measured * seeds), row.Rate, close, "tokens per second"),
            () => (memory * 100).ShouldBe(row.Memory, Math.Max(1, row.Memory * close), "KV max"),
            () => Near(preemptions * 1000.0 / turns.Count, preempted ?? 0, 0.12, "preempted per 1000"));
    }

    static double Quantile(List<double> sorted, double quantile) => sorted[(int)Math.Ceiling(quantile * sorted.Count) - 1];

    static void Near(double actual, double expected, double tolerance, string what) =>
        actual.ShouldBe(expected, expected * tolerance, what);

    sealed record Row(double Latency, double Ttft50, double Ttft99, double Tpot, double Tpot99, double Gap50, double Gap99, double Rate, int Memory);
}

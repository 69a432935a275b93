using Vllm.Simulator;
using Vllm.Simulator.Engine;
using Vllm.Simulator.Serving;

namespace Vllm.Tests.Engine;

/// <summary>Rows of the table that an independent model of the same rules gave (milliseconds, tokens per second).</summary>
public sealed class RegressionTableTests
{
    const long Second = TimeSpan.TicksPerSecond;

    [Theory]
    [InlineData(256, 256, 1, 1964, 11.8, 12.9, 7.53, 7.5, 8.3, 132)]
    [InlineData(256, 256, 32, 2315, 20.6, 29.6, 8.97, 8.6, 12.8, 3548)]
    [InlineData(256, 256, 128, 3753, 33.5, 50.5, 14.6, 12.7, 27.6, 8728)]
    [InlineData(1024, 128, 32, 1915, 40.8, 103, 14.7, 9.8, 55.4, 2140)]
    public void Closed_loops_of_users_behave_as_the_independent_model(
        int input, int output, int users, double latency, double ttft50, double ttft99, double tpot, double gap50, double gap99, double rate)
    {
        var turns = Simulate(input, output, users);

        Near(turns.Average(turn => turn.Latency), latency, 0.05, "latency");
        Near(turns.Average(turn => turn.Tpot), tpot, 0.05, "TPOT");
        Near(Quantile(turns.Select(turn => turn.FirstToken), 0.5), ttft50, 0.05, "TTFT p50");
        Near(Quantile(turns.Select(turn => turn.FirstToken), 0.99), ttft99, 0.12, "TTFT p99");
        var gaps = turns.SelectMany(turn => turn.Gaps).ToList();
        Near(Quantile(gaps, 0.5), gap50, 0.12, "gap p50");
        Near(Quantile(gaps, 0.99), gap99, 0.12, "gap p99");
        Near(gaps.Count + turns.Count, rate * Measured, 0.05, "tokens");
    }

    // As the table: 300 s after 30, but one seed of its five.
    const int WarmUp = 30;
    const int Measured = 300;

    static List<Turn> Simulate(int input, int output, int users)
    {
        var model = SimulatorOptions.H100Llama8B.ToStepModel();
        var engine = new BatchEngine(model, 1);
        var random = new Xoshiro256(7);
        var queued = new PriorityQueue<Turn, (long, int)>();
        var order = 0;
        var done = new List<Turn>();
        void Arrive(long at)
        {
            var length = (output / 2) + (int)(random.NextDouble() * (output + 1));
            queued.Enqueue(new Turn(input, length, at), (at + (long)(1.5 * 10_000), order++));
        }

        for (var i = 0; i < users; i++)
        {
            Arrive(0);
        }

        for (var now = 0L; now < (WarmUp + Measured) * Second;)
        {
            while (queued.TryPeek(out var turn, out var key) && key.Item1 <= now)
            {
                queued.Dequeue();
                turn.Ended = ended =>
                {
                    if (ended.Last > WarmUp * Second)
                    {
                        done.Add(ended);
                    }

                    Arrive(ended.Last);
                };
                engine.Enqueue(turn);
            }

            if (engine.TryStart(now))
            {
                now = engine.StepEnd;
                engine.Finish();
            }
            else
            {
                queued.TryPeek(out _, out var key);
                now = key.Item1;
            }
        }

        return done;
    }

    static double Quantile(IEnumerable<double> values, double quantile)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)Math.Ceiling(quantile * sorted.Count) - 1];
    }

    static void Near(double actual, double expected, double tolerance, string what) =>
        actual.ShouldBe(expected, expected * tolerance, what);

    sealed class Turn(int prompt, int output, long arrived) : Sequence(prompt)
    {
        readonly List<long> _times = [];

        public Action<Turn>? Ended { get; set; }

        public long Last => _times[^1];

        public double Latency => (Last - arrived) / 1e4;

        public double FirstToken => (_times[0] - arrived) / 1e4;

        public double Tpot => (Last - _times[0]) / 1e4 / (_times.Count - 1);

        public IEnumerable<double> Gaps => _times.Zip(_times.Skip(1), static (a, b) => (b - a) / 1e4);

        public override void OnScheduled(long at)
        {
        }

        public override bool OnToken(long at, bool isFirstOfStep)
        {
            _times.Add(at);
            if (_times.Count < output)
            {
                return false;
            }

            Ended!(this);
            return true;
        }
    }
}

using Vllm.Simulator;
using Vllm.Simulator.Engine;
using Vllm.Simulator.Engine.Memory;
using Vllm.Simulator.Serving;

namespace Vllm.Tests.Engine;

/// <summary>The load of one row: users who ask again when answered, or arrivals at random; on the engine alone.</summary>
sealed record RegressionLoad
{
    // As the table, which is of five seeds; rows about rare events need them all, the others one.
    public const int WarmUp = 30;
    public const int Measured = 300;

    const long Second = TimeSpan.TicksPerSecond;

    public static StepModel Default => SimulatorOptions.H100Llama8B.ToStepModel();

    public ulong Seed { get; init; } = 1;

    public int Input { get; init; }

    public double InputSpread { get; init; }

    public int Output { get; init; }

    public double Spread { get; init; } = 0.5;

    public int Users { get; init; }

    public double? PerSecond { get; init; }

    /// <summary>Tokens that all prompts begin with; 0: the cache of prefixes is off.</summary>
    public int Shared { get; init; }

    public StepModel Model { get; init; } = Default;

    /// <summary>The turns that ended after the warm-up, the greatest use of memory after it, and the preemptions of the whole run, as the table counts them.</summary>
    internal (List<RegressionTurn> Turns, double Memory, long Preemptions) Run()
    {
        var engine = new BatchEngine(Model with { PrefixCache = Shared > 0 }, Seed);
        var arrivals = new Arrivals(this);
        var done = new List<RegressionTurn>();
        var memory = 0.0;
        for (var now = 0L; now < (WarmUp + Measured) * Second;)
        {
            while (arrivals.TryTake(now, out var turn))
            {
                turn!.Ended = ended =>
                {
                    if (ended.Last > WarmUp * Second)
                    {
                        done.Add(ended);
                    }

                    if (PerSecond is null)
                    {
                        arrivals.Add(ended.Last);
                    }
                };
                engine.Enqueue(turn);
            }

            if (engine.TryStart(now))
            {
                now = engine.StepEnd;
                memory = now > WarmUp * Second ? Math.Max(memory, engine.MemoryUsage) : 0;
                engine.Finish();
            }
            else
            {
                now = arrivals.Next;
            }
        }

        return (done, memory, engine.Preemptions);
    }

    sealed class Arrivals
    {
        readonly RegressionLoad _load;
        readonly Xoshiro256 _random;
        readonly PriorityQueue<RegressionTurn, (long Due, int Order)> _queue = new();
        int _order;

        public Arrivals(RegressionLoad load)
        {
            _load = load;
            _random = new Xoshiro256(load.Seed + 6);
            for (var i = 0; i < load.Users; i++)
            {
                Add(0);
            }

            var at = 0.0;
            while (load.PerSecond is { } rate && (at -= Math.Log(1 - _random.NextDouble()) / rate) < WarmUp + Measured)
            {
                Add((long)(at * Second));
            }
        }

        public long Next => _queue.TryPeek(out _, out var key) ? key.Due : long.MaxValue;

        public void Add(long at)
        {
            var output = Draw(_load.Output, _load.Spread);
            var input = Draw(_load.Input, _load.InputSpread);
            _queue.Enqueue(new RegressionTurn(input, output, at, Chain(input)), (at + (long)(1.5 * TimeSpan.TicksPerMillisecond), _order++));
        }

        public bool TryTake(long now, out RegressionTurn? turn)
        {
            turn = null;
            return Next <= now && _queue.TryDequeue(out turn, out _);
        }

        int Draw(int mean, double spread)
        {
            var least = (int)(mean * (1 - spread));
            return least + (spread > 0 ? (int)(_random.NextDouble() * ((2 * (mean - least)) + 1)) : 0);
        }

        TokenChain? Chain(int input)
        {
            if (_load.Shared == 0)
            {
                return null;
            }

            var chain = new TokenChain(_load.Model.BlockSize, 0);
            for (var i = 0; i < input; i++)
            {
                chain.Add(i < _load.Shared ? i : (int)(_random.Next() % 32_000));
            }

            return chain;
        }
    }
}

sealed class RegressionTurn(int prompt, int output, long arrived, TokenChain? chain) : Sequence(prompt, chain)
{
    readonly List<long> _times = [];

    public Action<RegressionTurn>? Ended { get; set; }

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
        Chain?.Add(_times.Count);
        if (_times.Count < output)
        {
            return false;
        }

        Ended!(this);
        return true;
    }
}

using Vllm.Simulator.Engine;

namespace Vllm.Tests.Engine;

/// <summary>Small batches whose steps are worked out on paper, in ticks of 100 ns.</summary>
public sealed class BatchEngineTests
{
    // Without weights the root is the compute term alone: ms = 1 + T + 0.1 S + 0.01 C (+ 0.5 with prompt tokens), no jitter.
    static readonly StepModel Model = new()
    {
        Base = 1,
        PerToken = 1,
        PerSequence = 0.1,
        PerContextToken = 0.01,
        Prefill = 0.5,
        MaxSequences = 8,
        MaxBatchedTokens = 100,
    };

    [Fact]
    public void One_request_alone()
    {
        // Prompt 10: T 10, S 1, C 10, prompt -> 1 + 10 + 0.1 + 0.1 + 0.5 = 11.7 ms.
        // Decodes:  T 1, S 1, C 11, 12  -> 2.1 + 0.11 = 2.21, then 2.22 ms.
        var request = new Plain(10, 3);

        Run(Model, (0, request));

        request.Tokens.ShouldBe([117_000, 139_100, 161_300]);
        request.Scheduled.ShouldBe(0);
    }

    [Fact]
    public void A_second_request_waits_for_the_step_and_joins_the_next()
    {
        // B arrives at 1 ms, in A's prompt step, which ends at 11.7. Next step: A decodes (C 11), B's prompt of 5:
        // T 6, S 2, C 16 -> 1 + 6 + 0.2 + 0.16 + 0.5 = 7.86 -> 19.56. Then both decode: C 12 + 6: 1 + 2 + 0.2 + 0.18 = 3.38 -> 22.94.
        var a = new Plain(10, 3);
        var b = new Plain(5, 2);

        Run(Model, (0, a), (10_000, b));

        a.Tokens.ShouldBe([117_000, 195_600, 229_400]);
        b.Tokens.ShouldBe([195_600, 229_400]);
        b.Scheduled.ShouldBe(117_000);
    }

    [Fact]
    public void The_token_budget_cuts_a_prompt_in_chunks()
    {
        // Budget 6, prompt 10: chunks 6 and 4. 1 + 6 + 0.1 + 0.06 + 0.5 = 7.66; 1 + 4 + 0.1 + 0.10 + 0.5 = 5.70 -> 13.36.
        var request = new Plain(10, 1);

        Run(Model with { MaxBatchedTokens = 6 }, (0, request));

        request.Tokens.ShouldBe([133_600]);
    }

    [Fact]
    public void Running_requests_take_the_budget_first()
    {
        // Budget 4. Step 1: A's prompt of 3 and one token of B's 4: 1 + 4 + 0.2 + 0.04 + 0.5 = 5.74.
        // Step 2: A decodes one, B computes 3: C 4 + 4, again 4 tokens: 1 + 4 + 0.2 + 0.08 + 0.5 = 5.78 -> 11.52.
        var a = new Plain(3, 2);
        var b = new Plain(4, 1);

        Run(Model with { MaxBatchedTokens = 4 }, (0, a), (0, b));

        a.Tokens.ShouldBe([57_400, 115_200]);
        b.Tokens.ShouldBe([115_200]);
    }

    [Fact]
    public void The_slots_bound_the_batch_and_the_queue_is_first_come_first_served()
    {
        // One slot: each request is prompt 2 and one token: 1 + 2 + 0.1 + 0.02 + 0.5 = 3.62 ms.
        var requests = new[] { new Plain(2, 1), new Plain(2, 1), new Plain(2, 1) };

        Run(Model with { MaxSequences = 1 }, [.. requests.Select(request => (0L, request))]);

        requests.Select(request => request.Tokens.Single()).ShouldBe([36_200, 72_400, 108_600]);
    }

    [Fact]
    public void A_request_that_left_gives_its_slot_to_the_next_step()
    {
        var engine = new BatchEngine(Model with { MaxSequences = 1 }, 1);
        var gone = new Plain(2, 100);
        var next = new Plain(2, 1);
        engine.Enqueue(gone);
        engine.Enqueue(next);
        engine.TryStart(0).ShouldBeTrue();

        engine.Leave(gone);
        engine.Finish();
        engine.TryStart(engine.StepEnd).ShouldBeTrue();
        engine.Finish();

        gone.Tokens.ShouldBeEmpty();
        next.Tokens.ShouldBe([72_400]);
        engine.TryStart(engine.StepEnd).ShouldBeFalse();
    }

    [Fact]
    public void Speculation_makes_several_tokens_in_a_decode_step()
    {
        var request = new Plain(10, 7);

        Run(Model with { TokensPerStep = 3 }, (0, request));

        request.Tokens.Distinct().Count().ShouldBe(3);
        request.Tokens.Count(at => at == request.Tokens[1]).ShouldBe(3);
    }

    [Fact]
    public void Weights_and_compute_add_as_a_root_of_squares()
    {
        // sqrt(3^2 + (4 * 1)^2) = 5.
        var model = new StepModel { Weights = 3, PerToken = 4, MaxSequences = 1, MaxBatchedTokens = 1 };

        model.Ticks(new StepLoad { Tokens = 1, Sequences = 1 }, new Xoshiro256(1)).ShouldBe(50_000);
    }

    [Fact]
    public void The_generator_is_the_published_one()
    {
        // SplitMix64's first outputs for seed 0, from its reference implementation.
        new ulong[] { 0, 0x9E3779B97F4A7C15, 0x3C6EF372FE94F82A }.Select(state => Mix.Of(state))
            .ShouldBe([0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]);
    }

    static void Run(StepModel model, params (long At, Plain Request)[] arrivals)
    {
        var engine = new BatchEngine(model, 1);
        var next = 0;
        var now = 0L;
        while (true)
        {
            while (next < arrivals.Length && arrivals[next].At <= now)
            {
                engine.Enqueue(arrivals[next++].Request);
            }

            if (!engine.TryStart(now))
            {
                return;
            }

            now = engine.StepEnd;
            engine.Finish();
        }
    }

    sealed class Plain(int prompt, int output) : Sequence(prompt)
    {
        public List<long> Tokens { get; } = [];

        public long Scheduled { get; private set; } = -1;

        public override void OnScheduled(long at) => Scheduled = at;

        public override bool OnToken(long at, bool isFirstOfStep)
        {
            Tokens.Add(at);
            return Tokens.Count == output;
        }
    }
}

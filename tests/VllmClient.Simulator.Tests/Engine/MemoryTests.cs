using FsCheck.Xunit;
using Vllm.Simulator.Engine;
using Vllm.Simulator.Engine.Memory;

namespace Vllm.Tests.Engine;

/// <summary>Blocks of 4 tokens, worked out on paper. Every step takes 1 ms, whatever it does.</summary>
public sealed class MemoryTests
{
    const long Step = 10_000;

    static readonly StepModel Model = new() { Base = 1, MaxSequences = 8, MaxBatchedTokens = 100, BlockSize = 4, Blocks = 101 };

    [Fact]
    public void Blocks_follow_the_tokens_computed_and_come_back_at_the_end()
    {
        // 7 prompt tokens need 2 blocks; the token at 8 fits, the one at 9 needs a third. 100 can be used.
        var engine = new BatchEngine(Model, 1);
        var request = new Tracked(7, 3);
        engine.Enqueue(request);

        var used = new List<int>();
        while (engine.TryStart(0))
        {
            used.Add(engine.BlocksUsed);
            engine.MemoryUsage.ShouldBe(engine.BlocksUsed / 100.0, 1e-12);
            engine.Finish();
        }

        used.ShouldBe([2, 2, 3]);
        request.Peak.ShouldBe(3);
        engine.BlocksUsed.ShouldBe(0);
        engine.MemoryUsage.ShouldBe(0);
    }

    [Fact]
    public void Nobody_comes_in_unless_all_blocks_of_the_prompt_are_free()
    {
        // 5 usable blocks. A holds 3 (12 tokens) and ends with its first token; B needs 3 and waits a step, C behind it needs 1 and waits as well.
        var a = new Tracked(12, 1);
        var b = new Tracked(12, 1);
        var c = new Tracked(4, 1);

        Run(Model with { Blocks = 6 }, a, b, c);

        (a.Scheduled, b.Scheduled, c.Scheduled).ShouldBe((0, Step, Step));
        a.Preemptions.ShouldBe(0);
    }

    [Fact]
    public void The_newest_gives_way_and_starts_again_at_the_head_of_the_queue()
    {
        // 4 usable blocks. A and B hold 2 each (8 tokens). In the second step A needs a third: B, the newest, loses its two and its turn.
        // C waits meanwhile: nobody comes in on a step that preempted. A has 9, 10, 11 tokens, ends with step 4 (four answers).
        // B comes back at step 5 with 9 tokens, three blocks, in one chunk; C (2 blocks) does not fit beside it.
        var a = new Tracked(8, 4);
        var b = new Tracked(8, 2);
        var c = new Tracked(8, 1);

        Run(Model with { Blocks = 5 }, a, b, c);

        a.Tokens.ShouldBe([Step, 2 * Step, 3 * Step, 4 * Step]);
        b.Tokens.ShouldBe([Step, 5 * Step]);
        c.Tokens.ShouldBe([6 * Step]);
        (a.Preemptions, b.Preemptions, c.Preemptions).ShouldBe((0, 1, 0));
    }

    [Fact]
    public void Who_is_the_newest_itself_stops_the_step_there()
    {
        // 4 usable blocks. A holds 1 block of its 2 tokens, B 3 of 12. B's next token needs a fourth: it takes its own away. A decodes alone and ends
        // with its sixth token in a second block; only then are the 4 blocks free that B's 13 tokens need.
        var a = new Tracked(2, 6);
        var b = new Tracked(12, 2);

        Run(Model with { Blocks = 5 }, a, b);

        a.Tokens.ShouldBe([Step, 2 * Step, 3 * Step, 4 * Step, 5 * Step, 6 * Step]);
        b.Tokens.ShouldBe([Step, 7 * Step]);
        b.Preemptions.ShouldBe(1);
    }

    [Fact]
    public void A_computed_beginning_is_found_in_whole_blocks_and_the_last_token_is_computed_always()
    {
        // 8 tokens alike: the second block holds the last token, which must be computed, so one block is found.
        // With 9 both are. With another salt none is.
        var engine = new BatchEngine(Model, 1);
        int Cached(int tokens, ulong salt = 0)
        {
            var request = new Tracked(tokens, 1, Chain(tokens, salt));
            engine.Enqueue(request);
            Drain(engine);
            return request.CachedTokens!.Value;
        }

        Cached(8).ShouldBe(0);
        Cached(8).ShouldBe(4);
        Cached(9).ShouldBe(8);
        Cached(9, salt: 1).ShouldBe(0);
        engine.ForgetPrefixes();
        Cached(9).ShouldBe(0);
        engine.Model = Model with { PrefixCache = false };
        Cached(9).ShouldBe(0);
    }

    [Fact]
    public void What_is_being_computed_is_not_found_yet_and_shared_blocks_are_held_once()
    {
        var engine = new BatchEngine(Model, 1);
        Tracked[] together = [new(9, 3, Chain(9)), new(9, 3, Chain(9))];
        engine.Enqueue(together[0]);
        engine.Enqueue(together[1]);
        engine.TryStart(0).ShouldBeTrue();
        engine.BlocksUsed.ShouldBe(6);
        engine.Finish();
        var later = new Tracked(9, 2, Chain(9));
        engine.Enqueue(later);

        engine.TryStart(Step).ShouldBeTrue();

        together.ShouldAllBe(request => request.CachedTokens == 0);
        later.CachedTokens.ShouldBe(8);
        later.Peak.ShouldBe(3);
        engine.BlocksUsed.ShouldBe(7);
        engine.Finish();
        Drain(engine);
        engine.BlocksUsed.ShouldBe(0);
    }

    [Fact]
    public void An_answer_is_found_as_the_beginning_of_the_next_prompt()
    {
        // 6 prompt tokens and 7 answered, of which the last is never computed: 12 computed, 3 blocks.
        var engine = new BatchEngine(Model, 1);
        var first = new Tracked(6, 7, Chain(6));
        engine.Enqueue(first);
        Drain(engine);

        var conversation = Chain(6);
        for (var i = 0; i < 7; i++)
        {
            conversation.Add(Tracked.Answered(i));
        }

        var second = new Tracked(13, 1, conversation);
        engine.Enqueue(second);
        Drain(engine);

        second.CachedTokens.ShouldBe(12);
    }

    [Fact]
    public void Freed_blocks_are_taken_oldest_first_and_the_end_of_a_prompt_before_its_beginning()
    {
        // 6 usable blocks. A leaves 3 known blocks (freed last first), B leaves 3. A newcomer of 2 blocks takes A's third and second:
        // what is left of A is its first block.
        var engine = new BatchEngine(Model with { Blocks = 7 }, 1);
        int Cached(int tokens, ulong salt)
        {
            var request = new Tracked(tokens, 1, Chain(tokens, salt));
            engine.Enqueue(request);
            Drain(engine);
            return request.CachedTokens!.Value;
        }

        Cached(12, salt: 1).ShouldBe(0);
        Cached(12, salt: 2).ShouldBe(0);
        Cached(8, salt: 3).ShouldBe(0);

        // Asking for A is itself an admission: it revives the first block and takes the oldest for the rest, the third and second of B.
        Cached(12, salt: 1).ShouldBe(4);
        Cached(12, salt: 2).ShouldBe(4);
    }

    [Fact]
    public void A_preempted_request_finds_its_own_blocks_again_and_counts_its_first_hit_only()
    {
        var a = new Tracked(8, 4, Chain(8, 1));
        var b = new Tracked(8, 2, Chain(8, 2));

        Run(Model with { Blocks = 5 }, a, b);

        // As above, but B's first block is still known when it comes back.
        b.Preemptions.ShouldBe(1);
        b.CachedTokens.ShouldBe(0);
        b.Tokens.ShouldBe([Step, 5 * Step]);
    }

    [Fact]
    public void Of_blocks_with_the_same_content_another_is_found_when_one_is_taken()
    {
        var pool = new BlockPool(4);
        int[] ids = [pool.Take(), pool.Take(), pool.Take()];
        foreach (var id in ids)
        {
            pool.Remember(id, 7);
            pool.Release(id);
        }

        // Taken oldest first: the first, which was found, then the second. The third is behind the first.
        pool.Find(7).ShouldBe(ids[0]);
        pool.Take().ShouldBe(ids[0]);
        pool.Find(7).ShouldBe(ids[2]);
        pool.Share(ids[2]);
        pool.Take().ShouldBe(ids[1]);
        pool.Find(7).ShouldBe(ids[2]);
        pool.Release(ids[2]);
        pool.Take().ShouldBe(ids[2]);
        pool.Find(7).ShouldBe(0);
        (pool.Used, pool.Free).ShouldBe((3, 0));
    }

    [Fact]
    public void A_token_costs_no_more_than_its_part_of_a_block()
    {
        // Two lists that double hold a number of 4 bytes and a hash of 8 for 16 tokens: 3 bytes a token here. The pool's own table grows with the first sequences only.
        var engine = new BatchEngine(new StepModel { Base = 1, MaxSequences = 64, MaxBatchedTokens = 4096, Blocks = 8001 }, 1);
        var first = Enumerable.Range(0, 64).Select(i => new Endless(One((ulong)i))).ToList();
        first.ForEach(engine.Enqueue);
        Steps(engine, 1990);
        first.ForEach(engine.Leave);
        for (var i = 64; i < 128; i++)
        {
            engine.Enqueue(new Endless(One((ulong)i)));
        }

        Steps(engine, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Steps(engine, 1000);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        bytes.ShouldBeLessThan(64 * 1000 * 4L, $"{bytes / 64_000.0:0.00} bytes a token");
    }

    [Property(MaxTest = 300)]
    public void Blocks_never_exceed_the_pool_and_none_is_in_use_when_idle(ulong seed)
    {
        var random = new Xoshiro256(seed);
        int Next(int below) => (int)(random.Next() % (ulong)below);
        var blocks = 17 + Next(30);
        var model = Model with { Blocks = blocks, MaxBatchedTokens = 1 + Next(60), TokensPerStep = 1 + Next(3), PrefixCache = Next(4) > 0 };
        var engine = new BatchEngine(model, seed);
        var open = new List<Tracked>();
        for (var i = 0; i < 400; i++)
        {
            var prompt = 1 + Next(40);
            var request = new Tracked(prompt, 1 + Next(24), Next(5) > 0 ? Chain(prompt, (ulong)Next(3)) : null);
            open.Add(request);
            engine.Enqueue(request);
            if (Next(3) == 0)
            {
                // A stopping server ends them too, before the engine has dropped them.
                var gone = open[Next(open.Count)];
                engine.Leave(gone);
                gone.IsFinished |= Next(2) == 0;
            }

            if (Next(50) == 0)
            {
                engine.ForgetPrefixes();
            }

            if (engine.TryStart(i))
            {
                if (Next(10) == 0)
                {
                    var gone = open[Next(open.Count)];
                    engine.Leave(gone);
                    gone.IsFinished |= Next(2) == 0;
                }

                engine.BlocksUsed.ShouldBeLessThan(blocks);
                engine.Finish();
            }

            engine.BlocksUsed.ShouldBeInRange(0, blocks - 1);
        }

        Drain(engine);

        engine.BlocksUsed.ShouldBe(0);
        open.ShouldAllBe(request => request.IsGone || request.IsFinished);
        open.ShouldAllBe(request => request.Held.Count == 0);
    }

    static TokenChain Chain(int tokens, ulong salt = 0)
    {
        var chain = new TokenChain(4, salt);
        for (var i = 0; i < tokens; i++)
        {
            chain.Add(i);
        }

        return chain;
    }

    static void Run(StepModel model, params Tracked[] requests)
    {
        var engine = new BatchEngine(model, 1);
        foreach (var request in requests)
        {
            engine.Enqueue(request);
        }

        Drain(engine);
        engine.BlocksUsed.ShouldBe(0);
    }

    static void Drain(BatchEngine engine)
    {
        for (var now = 0L; engine.TryStart(now); now = engine.StepEnd)
        {
            engine.Finish();
        }
    }

    static TokenChain One(ulong salt)
    {
        var chain = new TokenChain(16, salt);
        chain.Add(0);
        return chain;
    }

    static void Steps(BatchEngine engine, int count)
    {
        for (var i = 0; i < count && engine.TryStart(i); i++)
        {
            engine.Finish();
        }
    }

    sealed class Endless(TokenChain chain) : Sequence(1, chain)
    {
        public override void OnScheduled(long at)
        {
        }

        public override bool OnToken(long at, bool isFirstOfStep)
        {
            Chain!.Add(1);
            return false;
        }
    }

    sealed class Tracked(int prompt, int output, TokenChain? chain = null) : Sequence(prompt, chain)
    {
        int _held;

        public List<long> Tokens { get; } = [];

        public long Scheduled { get; private set; } = -1;

        public int Peak { get; private set; }

        public static int Answered(int index) => 1000 + index;

        public override void OnScheduled(long at) => Scheduled = Scheduled < 0 ? at : Scheduled;

        public override void OnHeld(int change) => Peak = Math.Max(Peak, _held += change);

        public override bool OnToken(long at, bool isFirstOfStep)
        {
            Chain?.Add(Answered(Tokens.Count));
            Tokens.Add(at);
            return Tokens.Count == output;
        }
    }
}

using Vllm.Simulator.Engine.Memory;

namespace Vllm.Simulator.Engine;

/// <summary>Continuous batching as vLLM does it: every step mixes decodes and prompt chunks of whoever is running.</summary>
sealed class BatchEngine(StepModel model, ulong seed)
{
    readonly LinkedList<Sequence> _waiting = [];
    readonly List<Sequence> _running = [];
    readonly List<Sequence> _batch = [];
    readonly Xoshiro256 _random = new(seed);
    readonly SequenceMemory _memory = new(model.Blocks, model.BlockSize);
    bool _someGone;

    /// <summary>Replaced between steps when the options change.</summary>
    public StepModel Model { get; set; } = model;

    public bool IsStepping { get; private set; }

    public long StepStart { get; private set; }

    public long StepEnd { get; private set; }

    public int Running => _running.Count;

    public int Waiting => _waiting.Count;

    /// <summary>Blocks held.</summary>
    public int BlocksUsed => _memory.Used;

    /// <summary>The share of the blocks in use.</summary>
    public double MemoryUsage => _memory.Usage;

    /// <summary>Sequences whose blocks were taken away, ever.</summary>
    public long Preemptions { get; private set; }

    /// <summary>How much of the running step's load is computing and not reading weights, 0 to 1.</summary>
    public double ComputeShare { get; private set; }

    public void Enqueue(Sequence sequence) => _waiting.AddLast(sequence);

    /// <summary>Marks a sequence whose client left; it keeps its slot until the next step.</summary>
    public void Leave(Sequence sequence)
    {
        sequence.IsGone = true;
        _someGone = true;
    }

    /// <summary>From now on nothing computed before is found.</summary>
    public void ForgetPrefixes() => _memory.ForgetAll();

    /// <summary>Starts the step at <paramref name="at"/>; false if there is nothing to do.</summary>
    public bool TryStart(long at)
    {
        DropGone();
        var load = new StepLoad();
        var budget = Model.MaxBatchedTokens;
        if (Continue(ref budget, ref load))
        {
            Admit(at, budget, ref load);
        }

        if (load.Sequences == 0)
        {
            return false;
        }

        ComputeShare = Model.ComputeShare(load.Tokens);
        StepStart = at;
        StepEnd = at + Model.Ticks(load, _random);
        return IsStepping = true;
    }

    /// <summary>Ends the running step: tokens come out, finished sequences give up their slot and their blocks.</summary>
    public void Finish()
    {
        IsStepping = false;
        var finished = false;
        foreach (var sequence in _batch)
        {
            sequence.Computed += sequence.Chunk;
            sequence.Chunk = 0;
            if (Model.PrefixCache)
            {
                _memory.Remember(sequence);
            }

            if (!sequence.IsGone && sequence.Computed >= sequence.Total && Emit(sequence))
            {
                finished = true;
                _memory.Release(sequence);
            }
        }

        _batch.Clear();
        if (finished)
        {
            // Who left and was ended by the server still holds blocks; the next step drops it.
            _running.RemoveAll(static sequence => sequence is { IsFinished: true, IsGone: false });
        }
    }

    bool Emit(Sequence sequence)
    {
        // Speculative decoding makes several tokens in a decode step; the step of the prompt makes one.
        var tokens = sequence.Generated == 0 ? 1 : Model.TokensPerStep;
        for (var i = 0; i < tokens && !sequence.IsFinished; i++)
        {
            sequence.Generated++;
            sequence.IsFinished = sequence.OnToken(StepEnd, isFirstOfStep: i == 0);
        }

        return sequence.IsFinished;
    }

    /// <summary>Goes on with the running sequences; false if one had to give up its blocks, and nobody may come in.</summary>
    bool Continue(ref int budget, ref StepLoad load)
    {
        var before = Preemptions;

        // Preemption takes from the end, so what comes before the index stays.
        for (var i = 0; i < _running.Count; i++)
        {
            var sequence = _running[i];
            var chunk = Math.Min(sequence.Total - sequence.Computed, budget);
            if (chunk > 0 && !TryGrow(sequence, chunk))
            {
                break;
            }

            budget -= Take(sequence, chunk, ref load);
        }

        return Preemptions == before;
    }

    /// <summary>Finds blocks for the next chunk, if need be those of the newest; false if that was the sequence itself.</summary>
    bool TryGrow(Sequence sequence, int chunk)
    {
        while (!_memory.TryGrow(sequence, sequence.Computed + chunk))
        {
            var newest = _running[^1];
            _running.RemoveAt(_running.Count - 1);
            _memory.Release(newest);
            newest.Computed = 0;
            newest.Preemptions++;
            newest.OnPreempted();
            _waiting.AddFirst(newest);
            Preemptions++;
            if (newest == sequence)
            {
                return false;
            }
        }

        return true;
    }

    void Admit(long at, int budget, ref StepLoad load)
    {
        while (budget > 0 && _running.Count < Model.MaxSequences && _waiting.First is { } first)
        {
            var sequence = first.Value;
            if (!_memory.TryAdmit(sequence, Model.PrefixCache))
            {
                return;
            }

            _waiting.RemoveFirst();
            _running.Add(sequence);
            sequence.CachedTokens ??= sequence.Computed;
            sequence.OnScheduled(at);
            var chunk = Math.Min(sequence.Total - sequence.Computed, budget);
            _memory.TryGrow(sequence, sequence.Computed + chunk);
            budget -= Take(sequence, chunk, ref load);
        }
    }

    int Take(Sequence sequence, int chunk, ref StepLoad load)
    {
        if (chunk <= 0)
        {
            return 0;
        }

        if (sequence.Computed < sequence.PromptTokens)
        {
            load.HasPrompt = true;
            load.AttentionMilliseconds += Model.Attention(chunk, sequence.Computed);
        }

        sequence.Chunk = chunk;
        load.Tokens += chunk;
        load.Sequences++;
        load.Context += sequence.Computed + chunk;
        _batch.Add(sequence);
        return chunk;
    }

    void DropGone()
    {
        if (!_someGone)
        {
            return;
        }

        _someGone = false;
        foreach (var sequence in _running)
        {
            if (sequence.IsGone)
            {
                _memory.Release(sequence);
            }
        }

        _running.RemoveAll(static sequence => sequence.IsGone);
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.IsGone)
            {
                _waiting.Remove(node);
            }

            node = next;
        }
    }
}

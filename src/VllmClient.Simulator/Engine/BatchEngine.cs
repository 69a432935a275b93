namespace Vllm.Simulator.Engine;

/// <summary>Continuous batching as vLLM does it: every step mixes decodes and prompt chunks of whoever is running.</summary>
sealed class BatchEngine(StepModel model, ulong seed)
{
    readonly LinkedList<Sequence> _waiting = [];
    readonly List<Sequence> _running = [];
    readonly List<Sequence> _batch = [];
    readonly Xoshiro256 _random = new(seed);
    bool _someGone;

    /// <summary>Replaced between steps when the options change.</summary>
    public StepModel Model { get; set; } = model;

    public bool IsStepping { get; private set; }

    public long StepStart { get; private set; }

    public long StepEnd { get; private set; }

    public int Running => _running.Count;

    public int Waiting => _waiting.Count;

    public void Enqueue(Sequence sequence) => _waiting.AddLast(sequence);

    /// <summary>Marks a sequence whose client left; it keeps its slot until the next step.</summary>
    public void Leave(Sequence sequence)
    {
        sequence.IsGone = true;
        _someGone = true;
    }

    /// <summary>Starts the step at <paramref name="at"/>; false if there is nothing to do.</summary>
    public bool TryStart(long at)
    {
        DropGone();
        var load = new StepLoad();
        var budget = Model.MaxBatchedTokens;
        foreach (var sequence in _running)
        {
            budget -= Take(sequence, budget, ref load);
        }

        while (budget > 0 && _running.Count < Model.MaxSequences && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            _running.Add(first.Value);
            first.Value.OnScheduled(at);
            budget -= Take(first.Value, budget, ref load);
        }

        if (load.Sequences == 0)
        {
            return false;
        }

        StepStart = at;
        StepEnd = at + Model.Ticks(load, _random);
        return IsStepping = true;
    }

    /// <summary>Ends the running step: tokens come out, finished sequences give up their slot. Returns the prompt tokens computed and the tokens made.</summary>
    public int Finish()
    {
        IsStepping = false;
        var finished = false;
        var tokens = 0;
        foreach (var sequence in _batch)
        {
            tokens += Math.Clamp(sequence.PromptTokens - sequence.Computed, 0, sequence.Chunk);
            sequence.Computed += sequence.Chunk;
            sequence.Chunk = 0;
            if (!sequence.IsGone && sequence.Computed >= sequence.Total)
            {
                var before = sequence.Generated;
                finished |= Emit(sequence);
                tokens += sequence.Generated - before;
            }
        }

        _batch.Clear();
        if (finished)
        {
            _running.RemoveAll(static sequence => sequence.IsFinished);
        }

        return tokens;
    }

    bool Emit(Sequence sequence)
    {
        // Speculative decoding makes several tokens in a decode step; the step of the prompt makes one.
        var tokens = sequence.Generated == 0 ? 1 : Model.TokensPerStep;
        for (var i = 0; i < tokens && !sequence.IsFinished; i++)
        {
            sequence.Generated++;
            sequence.IsFinished = sequence.OnToken(StepEnd);
        }

        return sequence.IsFinished;
    }

    int Take(Sequence sequence, int budget, ref StepLoad load)
    {
        var chunk = Math.Min(sequence.Total - sequence.Computed, budget);
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

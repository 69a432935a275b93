namespace Vllm.Simulator.Engine.Memory;

/// <summary>Gives sequences their blocks and finds what was computed before.</summary>
sealed class SequenceMemory(int blocks, int blockSize)
{
    readonly BlockPool _pool = new(blocks);

    public double Usage => _pool.Usage;

    public int Used => _pool.Used;

    public void ForgetAll() => _pool.ForgetAll();

    /// <summary>Blocks for this many tokens in all; false, and nothing changed, if too few are free.</summary>
    public bool TryGrow(Sequence sequence, int tokens)
    {
        var more = Blocks(tokens) - sequence.Held.Count;
        if (more > _pool.Free)
        {
            return false;
        }

        for (var i = 0; i < more; i++)
        {
            sequence.Held.Add(_pool.Take());
        }

        if (more > 0)
        {
            sequence.OnHeld(more);
        }

        return true;
    }

    /// <summary>Lets a waiting sequence in: it shares what is found of it; false if the rest of all its tokens would not fit.</summary>
    public bool TryAdmit(Sequence sequence, bool usesCache)
    {
        var hits = 0;
        var revived = 0;
        if (usesCache && sequence.Chain is { } chain)
        {
            // The last token has to be computed, or there would be nothing to generate from.
            var most = (sequence.Total - 1) / blockSize;
            for (; hits < most && _pool.Find(chain[hits]) is > 0 and var id; hits++)
            {
                revived += _pool.IsFree(id) ? 1 : 0;
            }
        }

        if (Blocks(sequence.Total) - hits + revived > _pool.Free)
        {
            return false;
        }

        for (var i = 0; i < hits; i++)
        {
            var id = _pool.Find(sequence.Chain![i]);
            _pool.Share(id);
            sequence.Held.Add(id);
        }

        sequence.Remembered = hits;
        sequence.Computed = hits * blockSize;
        if (hits > 0)
        {
            sequence.OnHeld(hits);
        }

        return true;
    }

    /// <summary>Full blocks whose tokens are computed can be found from now on.</summary>
    public void Remember(Sequence sequence)
    {
        if (sequence.Chain is not { } chain)
        {
            return;
        }

        for (; sequence.Remembered < sequence.Computed / blockSize; sequence.Remembered++)
        {
            _pool.Remember(sequence.Held[sequence.Remembered], chain[sequence.Remembered]);
        }
    }

    /// <summary>Gives all blocks back, last first, so that beginnings stay longest.</summary>
    public void Release(Sequence sequence)
    {
        var count = sequence.Held.Count;
        if (count == 0)
        {
            return;
        }

        for (var i = count - 1; i >= 0; i--)
        {
            _pool.Release(sequence.Held[i]);
        }

        sequence.Held.Clear();
        sequence.Remembered = 0;
        sequence.OnHeld(-count);
    }

    int Blocks(int tokens) => (tokens + blockSize - 1) / blockSize;
}

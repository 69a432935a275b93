namespace Vllm.Simulator.Engine.Memory;

/// <summary>The blocks of the key-value cache, number 0 reserved: which are held, which are free, and what their content is good for.</summary>
/// <remarks>Free blocks form a queue: never used ones first, then by the moment they were freed. A freed block keeps its hash, and can be had again, until it is taken.</remarks>
sealed class BlockPool(int blocks)
{
    // Made as blocks come into use, so that an idle simulator costs nothing.
    Block[] _blocks = new Block[Math.Min(blocks, 256)];
    readonly Dictionary<ulong, int> _byHash = [];
    int _fresh = 1;
    int _oldest;
    int _newest;

    public int Used { get; private set; }

    public int Free => blocks - 1 - Used;

    /// <summary>The share of the blocks in use, as vLLM counts it.</summary>
    public double Usage => 1 - ((double)Free / (blocks - 1));

    /// <summary>The first of the free blocks; there must be one.</summary>
    public int Take()
    {
        int id;
        if (_fresh < blocks)
        {
            id = _fresh++;
            if (id >= _blocks.Length)
            {
                Array.Resize(ref _blocks, Math.Min(blocks, _blocks.Length * 2));
            }
        }
        else
        {
            id = _oldest;
            Unlink(id);
            Forget(id);
        }

        _blocks[id].Holders = 1;
        Used++;
        return id;
    }

    /// <summary>The block that holds this content, or 0.</summary>
    public int Find(ulong hash) => _byHash.GetValueOrDefault(hash);

    public bool IsFree(int id) => _blocks[id].Holders == 0;

    /// <summary>One more sequence holds a found block.</summary>
    public void Share(int id)
    {
        if (_blocks[id].Holders++ == 0)
        {
            Unlink(id);
            Used++;
        }
    }

    /// <summary>One sequence less holds the block; the last one sends it to the end of the queue.</summary>
    public void Release(int id)
    {
        ref var block = ref _blocks[id];
        if (--block.Holders > 0)
        {
            return;
        }

        Used--;
        block.Before = _newest;
        block.After = 0;
        if (_newest == 0)
        {
            _oldest = id;
        }
        else
        {
            _blocks[_newest].After = id;
        }

        _newest = id;
    }

    /// <summary>Says what a block holds; blocks of the same content stand behind the first.</summary>
    public void Remember(int id, ulong hash)
    {
        ref var block = ref _blocks[id];
        if (block.IsKnown)
        {
            return;
        }

        block.Hash = hash;
        block.IsKnown = true;
        if (!_byHash.TryAdd(hash, id))
        {
            ref var first = ref _blocks[_byHash[hash]];
            block.TwinBefore = _byHash[hash];
            block.TwinAfter = first.TwinAfter;
            first.TwinAfter = id;
            if (block.TwinAfter != 0)
            {
                _blocks[block.TwinAfter].TwinBefore = id;
            }
        }
    }

    /// <summary>Forgets what all blocks hold.</summary>
    public void ForgetAll()
    {
        _byHash.Clear();
        for (var id = 1; id < _fresh; id++)
        {
            ref var block = ref _blocks[id];
            block.IsKnown = false;
            block.TwinBefore = block.TwinAfter = 0;
        }
    }

    void Forget(int id)
    {
        ref var block = ref _blocks[id];
        if (!block.IsKnown)
        {
            return;
        }

        block.IsKnown = false;
        if (block.TwinAfter != 0)
        {
            _blocks[block.TwinAfter].TwinBefore = block.TwinBefore;
        }

        if (block.TwinBefore != 0)
        {
            _blocks[block.TwinBefore].TwinAfter = block.TwinAfter;
        }
        else if (block.TwinAfter != 0)
        {
            _byHash[block.Hash] = block.TwinAfter;
        }
        else
        {
            _byHash.Remove(block.Hash);
        }

        block.TwinBefore = block.TwinAfter = 0;
    }

    void Unlink(int id)
    {
        ref var block = ref _blocks[id];
        if (block.Before == 0)
        {
            _oldest = block.After;
        }
        else
        {
            _blocks[block.Before].After = block.After;
        }

        if (block.After == 0)
        {
            _newest = block.Before;
        }
        else
        {
            _blocks[block.After].Before = block.Before;
        }

        block.Before = block.After = 0;
    }

    struct Block
    {
        public int Holders;
        public int Before;
        public int After;
        public int TwinBefore;
        public int TwinAfter;
        public bool IsKnown;
        public ulong Hash;
    }
}

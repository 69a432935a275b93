namespace Vllm.Simulator.Engine.Memory;

/// <summary>One hash per full block of tokens, each over everything before it; the choices of a prompt go on from a shared beginning.</summary>
sealed class TokenChain
{
    readonly int _blockSize;
    readonly TokenChain? _beginning;
    readonly List<ulong> _hashes = [];
    ulong _hash;
    int _count;

    /// <summary>An empty chain.</summary>
    /// <param name="blockSize">Tokens of a block.</param>
    /// <param name="start">What keeps chains of equal tokens apart: salt and adapter.</param>
    public TokenChain(int blockSize, ulong start)
    {
        _blockSize = blockSize;
        _hash = start;
    }

    /// <summary>Goes on after a beginning that no longer grows.</summary>
    public TokenChain(TokenChain beginning)
    {
        _blockSize = beginning._blockSize;
        _beginning = beginning;
        _hash = beginning._hash;
        _count = beginning._count;
    }

    public int Blocks => _count / _blockSize;

    public ulong this[int block]
    {
        get
        {
            var shared = _beginning?._hashes.Count ?? 0;
            return block < shared ? _beginning!._hashes[block] : _hashes[block - shared];
        }
    }

    public void Add(int token)
    {
        _hash = Mix.Of(_hash ^ (uint)token);
        if (++_count % _blockSize == 0)
        {
            _hashes.Add(_hash);
        }
    }
}

namespace Vllm.Simulator.Engine;

/// <summary>A byte trie in one hash table: (node, byte) leads to the next node.</summary>
sealed class TokenTrie
{
    // At most half full, so that probing stays short.
    readonly int _mask;
    readonly uint[] _keys;
    readonly int[] _children;
    readonly List<int> _tokens = [-1];

    public TokenTrie(byte[][] texts)
    {
        var edges = texts.Sum(static text => text.Length);
        var size = 1024;
        while (size < edges * 2)
        {
            size *= 2;
        }

        _mask = size - 1;
        _keys = new uint[size];
        _children = new int[size];
        for (var token = 0; token < texts.Length; token++)
        {
            Add(texts[token], token);
        }
    }

    /// <summary>The longest token that begins the text; every byte is a token, so there always is one.</summary>
    public int Longest(ReadOnlySpan<byte> utf8, out int length)
    {
        var node = 0;
        var found = -1;
        length = 0;
        for (var i = 0; i < utf8.Length; i++)
        {
            node = _children[Slot(node, utf8[i])];
            if (node == 0)
            {
                break;
            }

            if (_tokens[node] >= 0)
            {
                found = _tokens[node];
                length = i + 1;
            }
        }

        return found;
    }

    void Add(byte[] text, int token)
    {
        var node = 0;
        foreach (var value in text)
        {
            var slot = Slot(node, value);
            if (_children[slot] == 0)
            {
                _keys[slot] = Key(node, value);
                _children[slot] = _tokens.Count;
                _tokens.Add(-1);
            }

            node = _children[slot];
        }

        _tokens[node] = token;
    }

    static uint Key(int node, byte value) => ((uint)node << 8) | value;

    int Slot(int node, byte value)
    {
        var key = Key(node, value);
        var slot = (int)((key * 2654435769u) >> 8) & _mask;
        while (_children[slot] != 0 && _keys[slot] != key)
        {
            slot = (slot + 1) & _mask;
        }

        return slot;
    }
}

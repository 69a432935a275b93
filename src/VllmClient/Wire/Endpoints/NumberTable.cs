using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Reads numbers at any depth of lists, as long as the lists at each depth have the same length.</summary>
sealed class NumberTable
{
    readonly List<float> _values = [];
    readonly List<int> _shape = [];

    internal float[] Values => [.. _values];

    internal IReadOnlyList<int> Shape => _shape;

    /// <summary>Reads the value at the reader, which stands behind it afterwards if it is a table.</summary>
    /// <returns>Whether it is one.</returns>
    internal bool TryRead(ref Utf8JsonReader reader) => TryRead(ref reader, 0, isLeaf: out _);

    bool TryRead(ref Utf8JsonReader reader, int depth, out bool isLeaf)
    {
        isLeaf = reader.TokenType is JsonTokenType.Number or JsonTokenType.Null;
        if (isLeaf) return TryNumber(ref reader, depth);
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        if (_shape.Count == depth)
        {
            // A deeper level, after numbers have been seen at this one, is no table.
            if (_values.Count > 0) return false;
            _shape.Add(-1);
        }

        var count = 0;
        bool? leaves = null;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (!TryRead(ref reader, depth + 1, out var leaf)) return false;
            if (leaves is { } before && before != leaf) return false;
            leaves = leaf;
        }

        if (_shape[depth] == -1) _shape[depth] = count;
        return _shape[depth] == count;
    }

    // The server writes what is not finite as null.
    bool TryNumber(ref Utf8JsonReader reader, int depth)
    {
        if (depth != _shape.Count) return false;
        var value = float.NaN;
        if (reader.TokenType == JsonTokenType.Number && !reader.TryGetSingle(out value)) return false;
        _values.Add(value);
        return true;
    }
}

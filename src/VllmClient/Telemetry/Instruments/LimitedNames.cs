using System.Collections.Concurrent;

namespace Vllm.Telemetry;

/// <summary>The first so many different names; later ones are not admitted. Exact also when many calls bring new names at once.</summary>
sealed class LimitedNames(int limit)
{
    readonly ConcurrentDictionary<string, byte> _names = new(StringComparer.Ordinal);
    readonly Lock _lock = new();
    volatile bool _isFull;

    internal bool Admits(string name)
    {
        if (_names.ContainsKey(name)) return true;
        if (_isFull) return false;
        lock (_lock)
        {
            if (_names.ContainsKey(name)) return true;
            if (_names.Count >= limit) return false;
            _names.TryAdd(name, 0);
            _isFull = _names.Count >= limit;
            return true;
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Vllm.Telemetry;

/// <summary>The pauses between content events, per choice.</summary>
struct StreamGaps
{
    // When the last content of a choice arrived; null before the first and after the end. Choice 0 needs no table.
    long? _first;
    Dictionary<int, long?>? _others;
    long _longest;
    long _heldSinceContent;

    public StreamGaps() => _longest = -1;

    /// <summary>The longest pause in raw timestamp units; null if there was none.</summary>
    internal readonly long? Longest => _longest < 0 ? null : _longest;

    /// <summary>A content event arrived.</summary>
    /// <returns>The pause before it; null for the first of its choice, and where the caller was what paused.</returns>
    internal long? Arrived(int choice, long timestamp, bool heldByCaller)
    {
        _heldSinceContent = 0;
        ref var previous = ref Previous(choice);
        var gap = previous is { } before && !heldByCaller ? timestamp - before : (long?)null;
        previous = timestamp;
        if (gap > _longest) _longest = gap.Value;
        return gap;
    }

    internal void Held(long duration) => _heldSinceContent += duration;

    /// <summary>A choice ended, so that silence after it is no pause.</summary>
    internal void Finished(int choice)
    {
        if (choice == 0) _first = null;
        else _others?.Remove(choice);
    }

    /// <summary>The stream broke off: the pause that was still open counts as well, less what the caller spent.</summary>
    internal void Broke(long timestamp)
    {
        Open(_first, timestamp);
        if (_others is null) return;
        foreach (var previous in _others.Values) Open(previous, timestamp);
    }

    void Open(long? previous, long timestamp)
    {
        if (previous is { } before) _longest = Math.Max(_longest, timestamp - before - _heldSinceContent);
    }

    [UnscopedRef]
    ref long? Previous(int choice)
    {
        if (choice == 0) return ref _first;
        return ref CollectionsMarshal.GetValueRefOrAddDefault(_others ??= [], choice, out _);
    }
}

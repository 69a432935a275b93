using System.Collections.Concurrent;

namespace Vllm.Load;

/// <summary>Numbers the kinds of failure, by phase, as they first happen.</summary>
sealed class ErrorKinds
{
    /// <summary>The turn was still running when the time to drain was over.</summary>
    public const string DrainOver = "drain_over";

    /// <summary>The turn ran longer than the plan allows.</summary>
    public const string TurnTimeout = "turn_timeout";

    const int Most = 60_000;

    readonly ConcurrentDictionary<(int Phase, string Type), int> _numbers = new();
    int _next;

    /// <summary>The number of a kind. Beyond 60,000 kinds, which only hostile error types reach, all are one.</summary>
    public int NumberOf(int phase, string type)
    {
        if (_numbers.TryGetValue((phase, type), out var known)) return known;
        if (Volatile.Read(ref _next) >= Most) type = VllmTelemetry.ErrorTypes.Other;
        return _numbers.GetOrAdd((phase, type), static (_, kinds) => Interlocked.Increment(ref kinds._next) - 1, this);
    }

    /// <summary>The kinds by number.</summary>
    public IReadOnlyDictionary<int, (int Phase, string Type)> ByNumber() => _numbers.ToDictionary(pair => pair.Value, pair => pair.Key);
}

using System.Diagnostics.Metrics;
using static Vllm.VllmTelemetry;

namespace Vllm.Telemetry;

/// <summary>Where a call is now.</summary>
enum CallPhase
{
    /// <summary>At the gate.</summary>
    Queued,

    /// <summary>On its way, no content yet. Calls that are not streamed stay here to their end.</summary>
    Waiting,

    /// <summary>Content arrives.</summary>
    Receiving,

    /// <summary>Between two attempts.</summary>
    Backoff,
}

/// <summary>The attribute values that active calls are counted by.</summary>
readonly record struct ActiveKey(string Operation, string Provider, string? Model, string Address, int Port, UserTags Tags);

/// <summary>Counts of active calls by phase. Every call counts, whether anybody listens or not, so that a listener that joins late reads the truth.</summary>
sealed class ActiveCell(ActiveKey key)
{
    static readonly string[] Names = ["queued", "waiting", "receiving", "backoff"];

    readonly long[] _counts = new long[Names.Length];
    readonly KeyValuePair<string, object?>[][] _tags = [.. Names.Select(name => Tags(key, name))];

    internal void Enter(CallPhase phase) => Interlocked.Increment(ref _counts[(int)phase]);

    internal void Leave(CallPhase phase) => Interlocked.Decrement(ref _counts[(int)phase]);

    internal Measurement<long> Read(CallPhase phase) => new(Interlocked.Read(ref _counts[(int)phase]), _tags[(int)phase].AsSpan());

    static KeyValuePair<string, object?>[] Tags(ActiveKey key, string phase)
    {
        var tags = CallTags.Base(key);
        tags.Add(Attributes.RequestPhase, phase);
        key.Tags.AddTo(ref tags);
        return [.. tags];
    }
}

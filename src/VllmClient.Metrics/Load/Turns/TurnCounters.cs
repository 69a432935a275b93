namespace Vllm.Load;

/// <summary>Live counts of turns.</summary>
sealed class TurnCounters
{
    readonly long[] _outcomes = new long[5];
    long _offered;
    long _started;

    public long Offered => Interlocked.Read(ref _offered);

    public long Started => Interlocked.Read(ref _started);

    public long this[TurnOutcome outcome] => Interlocked.Read(ref _outcomes[(int)outcome]);

    public void Offer() => Interlocked.Increment(ref _offered);

    public void Start() => Interlocked.Increment(ref _started);

    public void End(TurnOutcome outcome) => Interlocked.Increment(ref _outcomes[(int)outcome]);
}

namespace Vllm.Load;

/// <summary>What becomes of a turn that is due while <see cref="LoadPlan.MaxInFlight"/> turns are running.</summary>
public enum InFlightOverflow
{
    /// <summary>It waits, first come first served; the wait counts in latencies from due.</summary>
    Queue,

    /// <summary>It is dropped and counted as not good. Only for phases with a rate.</summary>
    Drop,
}

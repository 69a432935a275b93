namespace Vllm.Simulator;

/// <summary>How a server goes down.</summary>
public enum StopKind
{
    /// <summary>Refuses new requests and finishes the running ones.</summary>
    Drain,

    /// <summary>As SIGTERM: running answers end at once with the finish reason <c>abort</c>.</summary>
    Terminate,

    /// <summary>As SIGKILL: connections close in the middle of the answer.</summary>
    Kill,
}

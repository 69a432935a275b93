namespace Vllm.Load;

/// <summary>Where a latency begins.</summary>
public enum LatencyFrom
{
    /// <summary>When the turn was due: includes any wait inside the client, and so what a user would feel.</summary>
    Due,

    /// <summary>When the request was handed to HTTP: the server and the network alone.</summary>
    Sent,
}

namespace Vllm;

/// <summary>The moments of one call, each as time since the call began; null if the call never got there.</summary>
public readonly record struct VllmCallTimings
{
    /// <summary>When the call left the concurrency gate.</summary>
    public TimeSpan? Queued { get; init; }

    /// <summary>When the last attempt was handed to HTTP.</summary>
    public TimeSpan? Sent { get; init; }

    /// <summary>When the response head arrived.</summary>
    public TimeSpan? Headers { get; init; }

    /// <summary>When the first event of any kind arrived; null for a call that is not streamed.</summary>
    public TimeSpan? FirstEvent { get; init; }

    /// <summary>When the first content event arrived; null for a call that is not streamed.</summary>
    public TimeSpan? FirstContent { get; init; }

    /// <summary>When the first text or tool call arrived, reasoning not counted.</summary>
    public TimeSpan? FirstVisible { get; init; }

    /// <summary>When the last content event arrived.</summary>
    public TimeSpan? LastContent { get; init; }

    /// <summary>When the read returned that held the terminal marker, the JSON body was whole, or the call failed.</summary>
    public TimeSpan? Closed { get; init; }
}

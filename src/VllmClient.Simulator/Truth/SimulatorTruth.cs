namespace Vllm.Simulator;

/// <summary>The simulator's log of what really happened, to judge a client's figures by.</summary>
public sealed class SimulatorTruth
{
    /// <summary>Requests kept; beyond it the oldest go.</summary>
    public const int Capacity = 1_000_000;

    readonly Lock _gate = new();
    readonly Queue<SimulatedRequest> _requests = new();

    internal SimulatorTruth(long startTimestamp, DateTimeOffset startedAt)
    {
        StartTimestamp = startTimestamp;
        StartedAt = startedAt;
    }

    /// <summary>The time provider's timestamp at which all times of the log are 0.</summary>
    public long StartTimestamp { get; }

    /// <summary>The time of day at which all times of the log are 0.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Requests that had to go because the log was full.</summary>
    public long Dropped { get; private set; }

    /// <summary>The generation requests in order of receipt; a copy of the list, whose open requests still change.</summary>
    public IReadOnlyList<SimulatedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>The last request with this id; null if there is none.</summary>
    /// <param name="requestId">The client's <c>X-Request-Id</c>, or the id that the simulator gave.</param>
    /// <returns>The request, or null.</returns>
    public SimulatedRequest? Find(string requestId)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        lock (_gate)
        {
            return _requests.LastOrDefault(request => request.RequestId == requestId);
        }
    }

    /// <summary>Forgets all requests; open ones go on.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
            Dropped = 0;
        }
    }

    /// <summary>Writes one JSON object per request and line, in order of receipt; times in ticks of 100 ns.</summary>
    /// <param name="writer">Where to; stays open.</param>
    public void WriteJsonl(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var request in Requests)
        {
            writer.Write(TruthLine.Of(request));
            writer.Write('\n');
        }
    }

    internal void Add(SimulatedRequest request)
    {
        lock (_gate)
        {
            if (_requests.Count == Capacity)
            {
                _requests.Dequeue();
                Dropped++;
            }

            _requests.Enqueue(request);
        }
    }
}

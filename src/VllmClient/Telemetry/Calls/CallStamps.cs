namespace Vllm.Telemetry;

/// <summary>The moments of one call as raw timestamps, relative to its start. Times are made only when somebody asks.</summary>
struct CallStamps
{
    // One more than the distance from the start, so that 0 means "not reached".
    long _queued;
    long _sent;
    long _headers;
    long _firstEvent;
    long _firstContent;
    long _firstVisible;
    long _lastContent;
    long _closed;

    internal CallStamps(long started) => Started = started;

    internal long Started { get; }

    internal readonly bool HasContent => _firstContent != 0;

    internal readonly bool HasVisible => _firstVisible != 0;

    internal readonly bool HasSent => _sent != 0;

    internal void Queued(long timestamp) => _queued = Distance(timestamp);

    /// <summary>A new attempt: what the one before had reached no longer counts.</summary>
    internal void Sent(long timestamp)
    {
        _sent = Distance(timestamp);
        _headers = 0;
    }

    internal void Headers(long timestamp) => _headers = Distance(timestamp);

    internal void Event(long timestamp)
    {
        if (_firstEvent == 0) _firstEvent = Distance(timestamp);
    }

    internal void Content(long timestamp)
    {
        _lastContent = Distance(timestamp);
        if (_firstContent == 0) _firstContent = _lastContent;
    }

    internal void Visible(long timestamp) => _firstVisible = Distance(timestamp);

    /// <summary>The call has ended. The first moment counts.</summary>
    /// <returns>That moment.</returns>
    internal long Closed(long timestamp)
    {
        if (_closed == 0) _closed = Distance(timestamp);
        return Started + _closed - 1;
    }

    internal readonly long SinceSent(long timestamp) => Distance(timestamp) - (HasSent ? _sent : 1);

    internal readonly VllmCallTimings ToTimings(TimeProvider clock) => new()
    {
        Queued = Time(clock, _queued),
        Sent = Time(clock, _sent),
        Headers = Time(clock, _headers),
        FirstEvent = Time(clock, _firstEvent),
        FirstContent = Time(clock, _firstContent),
        FirstVisible = Time(clock, _firstVisible),
        LastContent = Time(clock, _lastContent),
        Closed = Time(clock, _closed),
    };

    readonly long Distance(long timestamp) => timestamp - Started + 1;

    static TimeSpan? Time(TimeProvider clock, long stamp) => stamp == 0 ? null : clock.GetElapsedTime(0, stamp - 1);
}

namespace Vllm.Load;

/// <summary>Notices work that holds the director's thread before its first await, and moves starts to the thread pool from then on.</summary>
sealed class BlockingGuard(RunClock clock)
{
    // The first starts compile code, which is slow once and says nothing about the work.
    const int Ignored = 10;
    const int Window = 100;
    const int Allowed = 2;
    const long LimitTicks = 200 * TimeSpan.TicksPerMicrosecond;

    readonly bool[] _slow = new bool[Window];
    int _starts;
    int _slowCount;
    volatile bool _isBlocking;

    /// <summary>The thread whose time is watched; 0 watches none.</summary>
    public int Thread { get; set; }

    /// <summary>Whether the work was found to block: more than 200 microseconds in 3 of 100 starts.</summary>
    public bool IsBlocking => _isBlocking;

    /// <summary>Before a start; the value goes to <see cref="End"/>. The warm-up compiles code and opens connections, so it is not watched.</summary>
    public long Begin(bool isWarmUp) => !isWarmUp && !_isBlocking && Environment.CurrentManagedThreadId == Thread ? clock.Provider.GetTimestamp() : -1;

    /// <summary>After the synchronous part of the start.</summary>
    public void End(long begun)
    {
        if (begun < 0 || Environment.CurrentManagedThreadId != Thread || ++_starts <= Ignored) return;
        var slot = _starts % Window;
        if (_slow[slot]) _slowCount--;
        _slow[slot] = clock.Provider.GetElapsedTime(begun).Ticks > LimitTicks;
        if (_slow[slot]) _slowCount++;
        if (_slowCount > Allowed) _isBlocking = true;
    }
}

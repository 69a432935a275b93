namespace Vllm.Load;

/// <summary>Drives a run on real time: one thread that starts what is due and sleeps until the next due time.</summary>
sealed class Pacer
{
    const int TrialSleeps = 20;
    static readonly long LongestSleep = TimeSpan.FromMilliseconds(50).Ticks;
    static readonly long UserSleep = TimeSpan.FromMilliseconds(1).Ticks;

    readonly Director _director;
    readonly RunProgress _progress;
    readonly PacerSleep _sleep;
    readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Pacer(Director director, RunProgress progress)
    {
        (_director, _progress) = (director, progress);
        _sleep = PacerSleep.Create(director.Run.Clock);
    }


    /// <summary>Runs to the end.</summary>
    public Task RunAsync()
    {
        // Not the caller's context: an observer or activity of the caller's must not see the turns.
        new Thread(Drive) { IsBackground = true, Name = "VllmClient pacer", Priority = ThreadPriority.AboveNormal }.UnsafeStart();
        return _finished.Task;
    }

    /// <summary>Measures the sleep before the run, on a thread of its own kind.</summary>
    public static TimeSpan TrialStep(RunClock clock)
    {
        var sleep = PacerSleep.Create(clock);
        var overshoots = new long[TrialSleeps];
        sleep.Prepare();
        for (var i = 0; i < overshoots.Length; i++)
        {
            var until = clock.Now + TimeSpan.TicksPerMillisecond;
            sleep.Until(until);
            overshoots[i] = Math.Max(0, clock.Now - until);
        }

        sleep.Dispose();
        Array.Sort(overshoots);
        return TimeSpan.FromTicks(overshoots[TrialSleeps / 2]);
    }

    void Drive()
    {
        try
        {
            _sleep.Prepare();
            var clock = _director.Run.Clock;
            _director.Run.Guard.Thread = Environment.CurrentManagedThreadId;
            while (true)
            {
                var next = Math.Min(_director.Advance(clock.Now), _progress.Advance(clock.Now));
                if (_director.IsFinished) break;
                var now = clock.Now;
                var most = _director.Current is null || _director.HasUsers ? UserSleep : LongestSleep;
                if (next > now) _sleep.Until(Math.Min(next, now + most));
            }

            _finished.TrySetResult();
        }
        catch (Exception e)
        {
            _finished.TrySetException(e);
        }
        finally
        {
            _sleep.Dispose();
        }
    }
}

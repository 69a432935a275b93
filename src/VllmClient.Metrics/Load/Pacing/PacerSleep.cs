namespace Vllm.Load;

/// <summary>Sleeps until a moment of the run, as exactly as the operating system can without spinning.</summary>
abstract class PacerSleep(RunClock clock) : IDisposable
{
    protected RunClock Clock => clock;

    public static PacerSleep Create(RunClock clock)
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess) return new LinuxSleep(clock);
        if (OperatingSystem.IsWindows() && WindowsSleep.TryCreate(clock) is { } sleep) return sleep;
        return new CoarseSleep(clock);
    }

    /// <summary>To be called once on the thread that will sleep.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Returns at the moment or a little later.</summary>
    public abstract void Until(long tick);

    public virtual void Dispose()
    {
    }

    /// <summary>Where there is no better clock: whole milliseconds, then giving way.</summary>
    sealed class CoarseSleep(RunClock clock) : PacerSleep(clock)
    {
        static readonly long SleepAbove = TimeSpan.FromMilliseconds(1.5).Ticks;

        public override void Until(long tick)
        {
            for (var left = tick - Clock.Now; left > 0; left = tick - Clock.Now)
            {
                if (left > SleepAbove)
                {
#pragma warning disable RS0030 // The last fallback of the pacer, which owns its thread: systems without an absolute or high-resolution sleep.
                    Thread.Sleep(1);
#pragma warning restore RS0030
                }
                else
                {
                    Thread.Yield();
                }
            }
        }
    }
}

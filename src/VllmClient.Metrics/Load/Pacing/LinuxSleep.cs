using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Vllm.Load;

/// <summary>Sleeps on Linux's monotonic clock until an absolute time, so that a late wake-up never moves the next one.</summary>
[SupportedOSPlatform("linux")]
sealed partial class LinuxSleep(RunClock clock) : PacerSleep(clock)
{
    const int Monotonic = 1;
    const int Absolute = 1;
    const int Interrupted = 4;
    const int SetTimerSlack = 29;
    const long NanosecondsPerSecond = 1_000_000_000;

    public override void Prepare()
    {
        // The default slack of 50 microseconds would be part of every dispatch delay. A refusal costs only that.
        _ = Prctl(SetTimerSlack, 1, 0, 0, 0);
    }

    public override void Until(long tick)
    {
        // Timestamps of the system's clock are nanoseconds of this very clock.
        var nanoseconds = Clock.Origin + (tick * TimeSpan.NanosecondsPerTick);
        var until = new Timespec(nanoseconds / NanosecondsPerSecond, nanoseconds % NanosecondsPerSecond);
        while (ClockNanosleep(Monotonic, Absolute, in until, 0) == Interrupted)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in Timespec request, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [StructLayout(LayoutKind.Sequential)]
    readonly record struct Timespec(long Seconds, long Nanoseconds);
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Vllm.Load;

/// <summary>Sleeps on a high-resolution waitable timer of Windows.</summary>
[SupportedOSPlatform("windows")]
sealed partial class WindowsSleep : PacerSleep
{
    const uint HighResolution = 2;
    const uint AllAccess = 0x1F0003;
    const uint Infinite = 0xFFFF_FFFF;

    readonly nint _timer;

    WindowsSleep(RunClock clock, nint timer)
        : base(clock) => _timer = timer;

    /// <summary>Null where Windows is too old for such timers.</summary>
    public static WindowsSleep? TryCreate(RunClock clock)
    {
        var timer = CreateWaitableTimerEx(0, 0, HighResolution, AllAccess);
        return timer == 0 ? null : new(clock, timer);
    }

    public override void Until(long tick)
    {
        // A negative time is relative, which stays right when the wall clock is set.
        var relative = Math.Min(-1, Clock.Now - tick);
        if (SetWaitableTimer(_timer, in relative, 0, 0, 0, 0) != 0) _ = WaitForSingleObject(_timer, Infinite);
    }

    public override void Dispose()
    {
        base.Dispose();
        _ = CloseHandle(_timer);
    }

    [LibraryImport("kernel32", EntryPoint = "CreateWaitableTimerExW")]
    private static partial nint CreateWaitableTimerEx(nint attributes, nint name, uint flags, uint access);

    [LibraryImport("kernel32")]
    private static partial int SetWaitableTimer(nint timer, in long due, int period, nint routine, nint argument, int resume);

    [LibraryImport("kernel32")]
    private static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    [LibraryImport("kernel32")]
    private static partial int CloseHandle(nint handle);
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Vllm.Resources;

/// <summary>The machine where there is no <c>/proc</c>: Windows by its own calls, macOS with the memory alone.</summary>
sealed partial class OtherMachine : IResourceSource
{
    public string Name => "machine";

    public string Target => ResourceProbe.AppTarget;

    public ValueTask<ResourceReading> ReadAsync(CancellationToken cancellationToken = default) => new(
        OperatingSystem.IsWindows() ? new() { Machine = Windows() }
        : OperatingSystem.IsMacOS() ? new() { Machine = Mac() }
        : ResourceReading.Absent("this operating system is not known"));

    [SupportedOSPlatform("windows")]
    static MachineSample Windows()
    {
        var sample = new MachineSample { LogicalCpus = Environment.ProcessorCount };
        // The kernel's time contains the idle time.
        if (GetSystemTimes(out var idle, out var kernel, out var user))
            sample = sample with { CpuTotalTime = TimeSpan.FromTicks(kernel + user), CpuBusyTime = TimeSpan.FromTicks(kernel + user - idle) };
        var memory = new MemoryStatus { Length = (uint)Marshal.SizeOf<MemoryStatus>() };
        return GlobalMemoryStatusEx(ref memory)
            ? sample with { MemoryTotalBytes = (long)memory.TotalPhysical, MemoryAvailableBytes = (long)memory.AvailablePhysical }
            : sample;
    }

    [SupportedOSPlatform("macos")]
    static MachineSample Mac()
    {
        nuint size = sizeof(long);
        return new()
        {
            LogicalCpus = Environment.ProcessorCount,
            MemoryTotalBytes = SystemControl("hw.memsize", out var bytes, ref size, 0, 0) == 0 ? bytes : null,
        };
    }

    [SupportedOSPlatform("windows")]
    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetSystemTimes(out long idle, out long kernel, out long user);

    [SupportedOSPlatform("windows")]
    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GlobalMemoryStatusEx(ref MemoryStatus status);

    [SupportedOSPlatform("macos")]
    [LibraryImport("libSystem.dylib", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SystemControl(string name, out long value, ref nuint size, nint newValue, nuint newSize);

    [StructLayout(LayoutKind.Sequential)]
    struct MemoryStatus
    {
        public uint Length;
        public uint Load;
        public ulong TotalPhysical;
        public ulong AvailablePhysical;
        public ulong TotalPageFile;
        public ulong AvailablePageFile;
        public ulong TotalVirtual;
        public ulong AvailableVirtual;
        public ulong AvailableExtendedVirtual;
    }
}

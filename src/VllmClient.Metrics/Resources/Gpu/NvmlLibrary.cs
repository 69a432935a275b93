using System.Runtime.InteropServices;
using System.Text;

namespace Vllm.Resources;

/// <summary>NVIDIA's management library, by its exports. One that is missing is as if the GPU did not support it.</summary>
sealed unsafe class NvmlLibrary : IDisposable
{
    const int TextLength = 96;
    const uint MemoryVersion2 = 0x02000028;

    readonly nint _library;
    readonly delegate* unmanaged[Cdecl]<int> _init;
    readonly delegate* unmanaged[Cdecl]<int> _shutdown;
    readonly delegate* unmanaged[Cdecl]<uint*, int> _count;
    readonly delegate* unmanaged[Cdecl]<uint, nint*, int> _handle;
    readonly delegate* unmanaged[Cdecl]<nint, byte*, uint, int> _uuid;
    readonly delegate* unmanaged[Cdecl]<nint, byte*, uint, int> _name;
    readonly delegate* unmanaged[Cdecl]<nint, uint*, int> _utilization;
    readonly delegate* unmanaged[Cdecl]<nint, MemoryV2*, int> _memoryV2;
    readonly delegate* unmanaged[Cdecl]<nint, ulong*, int> _memoryV1;
    readonly delegate* unmanaged[Cdecl]<nint, uint*, int> _power;
    readonly delegate* unmanaged[Cdecl]<nint, ulong*, int> _energy;
    readonly delegate* unmanaged[Cdecl]<nint, int, uint*, int> _temperature;
    readonly delegate* unmanaged[Cdecl]<nint, uint*, uint*, int> _mig;

    NvmlLibrary(nint library)
    {
        _library = library;
        _init = (delegate* unmanaged[Cdecl]<int>)Export("nvmlInit_v2");
        _shutdown = (delegate* unmanaged[Cdecl]<int>)Export("nvmlShutdown");
        _count = (delegate* unmanaged[Cdecl]<uint*, int>)Export("nvmlDeviceGetCount_v2");
        _handle = (delegate* unmanaged[Cdecl]<uint, nint*, int>)Export("nvmlDeviceGetHandleByIndex_v2");
        _uuid = (delegate* unmanaged[Cdecl]<nint, byte*, uint, int>)Export("nvmlDeviceGetUUID");
        _name = (delegate* unmanaged[Cdecl]<nint, byte*, uint, int>)Export("nvmlDeviceGetName");
        _utilization = (delegate* unmanaged[Cdecl]<nint, uint*, int>)Export("nvmlDeviceGetUtilizationRates");
        _memoryV2 = (delegate* unmanaged[Cdecl]<nint, MemoryV2*, int>)Export("nvmlDeviceGetMemoryInfo_v2");
        _memoryV1 = (delegate* unmanaged[Cdecl]<nint, ulong*, int>)Export("nvmlDeviceGetMemoryInfo");
        _power = (delegate* unmanaged[Cdecl]<nint, uint*, int>)Export("nvmlDeviceGetPowerUsage");
        _energy = (delegate* unmanaged[Cdecl]<nint, ulong*, int>)Export("nvmlDeviceGetTotalEnergyConsumption");
        _temperature = (delegate* unmanaged[Cdecl]<nint, int, uint*, int>)Export("nvmlDeviceGetTemperature");
        _mig = (delegate* unmanaged[Cdecl]<nint, uint*, uint*, int>)Export("nvmlDeviceGetMigMode");
    }

    /// <summary>Loads the library; null if it is not there.</summary>
    /// <param name="path">A path of its own; null: where the driver puts it.</param>
    public static NvmlLibrary? TryLoad(string? path = null)
    {
        nint library;
        var found = path is not null ? NativeLibrary.TryLoad(path, out library)
            : OperatingSystem.IsWindows() ? NativeLibrary.TryLoad("nvml.dll", typeof(NvmlLibrary).Assembly, DllImportSearchPath.System32, out library)
            : NativeLibrary.TryLoad("libnvidia-ml.so.1", out library);
        return found ? new(library) : null;
    }

    public int Init() => _init is null ? NvmlCode.FunctionNotFound : _init();

    public int Shutdown() => _shutdown is null ? NvmlCode.FunctionNotFound : _shutdown();

    public int Count(out uint count)
    {
        uint value = 0;
        var code = _count is null ? NvmlCode.FunctionNotFound : _count(&value);
        count = value;
        return code;
    }

    public int Handle(uint index, out nint device)
    {
        nint value = 0;
        var code = _handle is null ? NvmlCode.FunctionNotFound : _handle(index, &value);
        device = value;
        return code;
    }

    public int Uuid(nint device, out string text) => Text(_uuid, device, out text);

    public int Name(nint device, out string text) => Text(_name, device, out text);

    /// <summary>Percent of the time with any kernel running.</summary>
    public int Utilization(nint device, out double percent)
    {
        var values = stackalloc uint[2];
        var code = _utilization is null ? NvmlCode.FunctionNotFound : _utilization(device, values);
        percent = values[0];
        return code;
    }

    /// <summary>Memory by the newer call, or by the older one, which counts what the driver keeps for itself as used.</summary>
    public int Memory(nint device, out ulong used, out ulong total)
    {
        (used, total) = (0, 0);
        if (_memoryV2 is not null)
        {
            var memory = new MemoryV2 { Version = MemoryVersion2 };
            var code = _memoryV2(device, &memory);
            (used, total) = (memory.Used, memory.Total);
            if (code is not (NvmlCode.VersionMismatch or NvmlCode.FunctionNotFound)) return code;
        }

        if (_memoryV1 is null) return NvmlCode.FunctionNotFound;
        // Some drivers write a fourth number behind total, free and used.
        var values = stackalloc ulong[4];
        var old = _memoryV1(device, values);
        (used, total) = (values[2], values[0]);
        return old;
    }

    public int Power(nint device, out double watts)
    {
        uint milliwatts = 0;
        var code = _power is null ? NvmlCode.FunctionNotFound : _power(device, &milliwatts);
        watts = milliwatts / 1000.0;
        return code;
    }

    public int Energy(nint device, out double joules)
    {
        ulong millijoules = 0;
        var code = _energy is null ? NvmlCode.FunctionNotFound : _energy(device, &millijoules);
        joules = millijoules / 1000.0;
        return code;
    }

    public int Temperature(nint device, out double celsius)
    {
        uint degrees = 0;
        var code = _temperature is null ? NvmlCode.FunctionNotFound : _temperature(device, 0, &degrees);
        celsius = degrees;
        return code;
    }

    public int IsMig(nint device, out bool isMig)
    {
        uint current = 0;
        uint pending = 0;
        var code = _mig is null ? NvmlCode.FunctionNotFound : _mig(device, &current, &pending);
        isMig = current == 1;
        return code;
    }

    public void Dispose() => NativeLibrary.Free(_library);

    static int Text(delegate* unmanaged[Cdecl]<nint, byte*, uint, int> call, nint device, out string text)
    {
        var buffer = stackalloc byte[TextLength];
        buffer[0] = 0;
        var code = call is null ? NvmlCode.FunctionNotFound : call(device, buffer, TextLength);
        var bytes = new ReadOnlySpan<byte>(buffer, TextLength);
        var end = bytes.IndexOf((byte)0);
        text = Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
        return code;
    }

    nint Export(string name) => NativeLibrary.TryGetExport(_library, name, out var address) ? address : 0;

    [StructLayout(LayoutKind.Sequential)]
    struct MemoryV2
    {
        public uint Version;
        public ulong Total;
        public ulong Reserved;
        public ulong Free;
        public ulong Used;
    }
}

/// <summary>What the library's calls return, as far as it makes a difference.</summary>
static class NvmlCode
{
    public const int Success = 0;
    public const int FunctionNotFound = 13;
    public const int VersionMismatch = 25;

    /// <summary>Not supported, not allowed, not there: that figure never comes.</summary>
    public static bool IsForGood(int code) => code is 3 or 4 or FunctionNotFound;

    /// <summary>No driver, no library, the wrong one, or the system forbids it: nothing to read at present.</summary>
    public static bool IsAbsent(int code) => code is 9 or 12 or 17 or 18;

    /// <summary>Not initialised, GPU lost or to be reset: only starting anew helps.</summary>
    public static bool IsLost(int code) => code is 1 or 15 or 16;
}

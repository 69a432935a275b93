namespace Vllm.Resources;

/// <summary>Reads GPUs through the library. Used by one thread.</summary>
sealed class NvmlReader(NvmlLibrary library)
{
    readonly List<Device> _devices = [];
    bool _isReady;

    public ResourceReading Read()
    {
        if (!_isReady && Begin() is { } absent) return absent;
        var gpus = new GpuSample[_devices.Count];
        for (var i = 0; i < gpus.Length; i++) gpus[i] = Read(_devices[i]);
        return gpus.Length == 0 ? ResourceReading.Absent("NVML shows no GPU") : new() { Gpus = gpus };
    }

    public void End()
    {
        if (_isReady) library.Shutdown();
        _isReady = false;
        _devices.Clear();
    }

    ResourceReading? Begin()
    {
        var code = library.Init();
        if (NvmlCode.IsAbsent(code) || NvmlCode.IsForGood(code)) return ResourceReading.Absent(FormattableString.Invariant($"NVML cannot be used (code {code})"));
        if (code != NvmlCode.Success) throw Failure("nvmlInit_v2", code);
        _isReady = true;
        Check("nvmlDeviceGetCount_v2", library.Count(out var count));
        for (var i = 0u; i < count; i++)
        {
            Check("nvmlDeviceGetHandleByIndex_v2", library.Handle(i, out var handle));
            var id = Check("nvmlDeviceGetUUID", library.Uuid(handle, out var uuid)) && uuid.Length > 0 ? uuid : FormattableString.Invariant($"gpu{i}");
            var name = Check("nvmlDeviceGetName", library.Name(handle, out var text)) ? text : null;
            var isMig = Check("nvmlDeviceGetMigMode", library.IsMig(handle, out var mig)) ? mig : (bool?)null;
            _devices.Add(new(handle, (int)i, id, name, isMig));
        }

        return null;
    }

    GpuSample Read(Device device)
    {
        double? utilization = device.Has(0) && Told(device, 0, library.Utilization(device.Handle, out var percent)) && device.IsMig != true ? percent / 100 : null;
        var hasMemory = device.Has(1) & Told(device, 1, library.Memory(device.Handle, out var used, out var total));
        double? power = device.Has(2) && Told(device, 2, library.Power(device.Handle, out var watts)) ? watts : null;
        double? energy = device.Has(3) && Told(device, 3, library.Energy(device.Handle, out var joules)) ? joules : null;
        double? temperature = device.Has(4) && Told(device, 4, library.Temperature(device.Handle, out var celsius)) ? celsius : null;
        return new()
        {
            Id = device.Id,
            Index = device.Index,
            Name = device.Name,
            Vendor = "NVIDIA",
            Utilization = utilization,
            MemoryUsedBytes = hasMemory ? (long)used : null,
            MemoryTotalBytes = hasMemory ? (long)total : null,
            PowerWatts = power,
            EnergyJoules = energy,
            TemperatureCelsius = temperature,
            IsMig = device.IsMig,
        };
    }

    // A figure that the GPU will never give is not asked for again.
    bool Told(Device device, int figure, int code)
    {
        if (NvmlCode.IsForGood(code)) device.Forget(figure);
        return Check("a figure", code);
    }

    bool Check(string call, int code)
    {
        if (!NvmlCode.IsLost(code) && !NvmlCode.IsAbsent(code)) return code == NvmlCode.Success;
        End();
        throw Failure(call, code);
    }

    static SourceFailure Failure(string call, int code) => new(FormattableString.Invariant($"NVML: {call} gave code {code}"));

    sealed class Device(nint handle, int index, string id, string? name, bool? isMig)
    {
        int _never;

        public nint Handle => handle;

        public int Index => index;

        public string Id => id;

        public string? Name => name;

        public bool? IsMig => isMig;

        public bool Has(int figure) => (_never & (1 << figure)) == 0;

        public void Forget(int figure) => _never |= 1 << figure;
    }
}

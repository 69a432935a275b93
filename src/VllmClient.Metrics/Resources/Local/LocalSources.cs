namespace Vllm.Resources;

/// <summary>The sources of this process and its machine.</summary>
sealed class LocalSources : IAsyncDisposable
{
    readonly List<IDisposable> _owned = [];

    public LocalSources(ResourceProbeOptions options, bool isVirtual)
    {
        // What this machine does has nothing to do with a clock that jumps.
        if (isVirtual)
        {
            Sources = [(new AbsentSource("process", "time is virtual, and this machine's is not"), SourceKind.Local)];
            return;
        }

        var sources = new List<(IResourceSource, SourceKind)>();
        var files = OperatingSystem.IsLinux() ? new LinuxFiles() : null;
        if (files is not null) _owned.Add(files);
        sources.Add((new ProcessSource(files), SourceKind.Local));
        sources.Add((files is null ? new OtherMachine() : new LinuxMachine(files), SourceKind.Local));
        if (files is not null) sources.Add((new LinuxContainer(files), SourceKind.Local));
        sources.AddRange(Gpus(options, files));
        Sources = sources;
    }

    public IReadOnlyList<(IResourceSource Source, SourceKind Kind)> Sources { get; }

    IEnumerable<(IResourceSource, SourceKind)> Gpus(ResourceProbeOptions options, LinuxFiles? files)
    {
        var kind = options.LocalGpus;
        NvmlSource? nvml = null;
        if (kind is LocalGpuSource.Auto or LocalGpuSource.Nvml)
        {
            nvml = new(options.GpuIds);
            _owned.Add(nvml);
            yield return (nvml, SourceKind.Waiting(default, NvmlSource.Longest));
        }

        if (kind is LocalGpuSource.Auto or LocalGpuSource.NvidiaSmi) yield return (new NvidiaSmi(options.GpuIds, instead: nvml), SourceKind.Waiting(NvidiaSmi.Least, NvidiaSmi.Longest));

        if (kind is not (LocalGpuSource.Auto or LocalGpuSource.Amd)) yield break;
        var amd = files is null ? null : new AmdGpus(files, options.GpuIds);
        // Where NVIDIA is looked for too, a machine without AMD's cards is the rule.
        if (amd is { HasAny: true }) yield return (amd, SourceKind.Local);
        else if (kind == LocalGpuSource.Amd) yield return (new AbsentSource("amdgpu", files is null ? "AMD's GPUs are read on Linux only" : "no AMD GPU"), SourceKind.Local);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var owned in _owned) owned.Dispose();
        return ValueTask.CompletedTask;
    }
}

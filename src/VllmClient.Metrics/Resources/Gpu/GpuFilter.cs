using System.Globalization;

namespace Vllm.Resources;

/// <summary>The GPUs that were asked for, by UUID or by number; all if none was named.</summary>
sealed class GpuFilter(IEnumerable<string> ids)
{
    readonly string[] _ids = [.. ids];

    public IReadOnlyList<GpuSample> Of(IReadOnlyList<GpuSample> gpus) => _ids.Length == 0 ? gpus : [.. gpus.Where(IsWanted)];

    // The parts of a partitioned GPU are named by their GPU's UUID and a number behind it.
    bool IsWanted(GpuSample gpu) => _ids.Any(id =>
        gpu.Id.Equals(id, StringComparison.OrdinalIgnoreCase)
        || gpu.Id.StartsWith(id + "/", StringComparison.OrdinalIgnoreCase)
        || (gpu.Index is { } index && index.ToString(CultureInfo.InvariantCulture) == id));
}

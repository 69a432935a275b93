using System.Diagnostics.Metrics;

namespace Vllm.Resources;

/// <summary>Gathers the values of one instrument: what is absent, or too old, gives none.</summary>
sealed class Measurements<T>
    where T : struct
{
    string _target = "";

    public List<Measurement<T>> All { get; } = [];

    public ResourceProbe Probe { get; private set; } = null!;

    public void Begin(ResourceProbe probe, string target) => (Probe, _target) = (probe, target);

    public void Add(ResourcePart? part, T? value, params ReadOnlySpan<(string Key, string? Value)> tags)
    {
        if (part is null || value is not { } known || IsOld(part)) return;
        var all = new KeyValuePair<string, object?>[tags.Length + 1];
        all[0] = new("vllm.resource.target", _target);
        var used = 1;
        foreach (var (key, text) in tags)
            if (text is not null) all[used++] = new(key, text);
        All.Add(new(known, all.AsSpan(0, used)));
    }

    // A probe that stopped or hangs must not go on showing what was.
    bool IsOld(ResourcePart part) => Probe.Clock.GetElapsedTime(part.Timestamp) > 3 * Probe.IntervalOf(_target, part.Source);
}

namespace Vllm.Resources;

/// <summary>What a target should show and does not, with the reason. Pure.</summary>
static class MissingParts
{
    static readonly (string Part, Func<TargetSample, long?> Stamp, string[] Sources, string NoUrl)[] Parts =
    [
        ("process", t => t.Process?.Timestamp, ["process"], ""),
        ("container", t => t.Container?.Timestamp, ["container"], ""),
        ("machine", t => t.Machine?.Timestamp, ["machine", "node_exporter"], "no node exporter URL"),
        ("gpus", t => t.Gpus is { Count: > 0 } gpus ? gpus[0].Timestamp : null, ["nvml", "nvidia-smi", "amdgpu", "gpus", "gpu_exporter"], "no GPU exporter URL"),
        ("server", t => t.Server?.Timestamp, ["vllm"], "no URL"),
    ];

    public static IEnumerable<MissingPart> Of(string target, ResourceTimeline timeline, Window window)
    {
        var statuses = timeline.Sources.Where(source => source.Target == target).ToArray();
        var isServer = timeline.Servers.Any(server => server.Name == target);
        foreach (var (part, stamp, sources, noUrl) in Parts)
        {
            if (timeline.Samples.Any(sample => sample[target] is { } one && stamp(one) is { } read && window.Holds(read))) continue;
            var reasons = statuses.Where(status => sources.Contains(status.Name)).Select(status => status.Reason ?? "not read in the window").ToArray();
            if (reasons.Length > 0) yield return new(target, part, string.Join("; ", reasons));
            else if (isServer && noUrl.Length > 0) yield return new(target, part, noUrl);
        }
    }
}

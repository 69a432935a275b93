namespace Vllm.Resources;

/// <summary>What a target should show and does not, with the reason. Pure.</summary>
static class MissingParts
{
    static readonly (string Part, string Keys, string[] Sources, string NoUrl)[] Parts =
    [
        ("process", "process.", ["process"], ""),
        ("container", "container.", ["container"], ""),
        ("machine", "machine.", ["machine", "node_exporter"], "no node exporter URL"),
        ("gpus", "gpu.", ["nvml", "nvidia-smi", "amdgpu", "gpus", "gpu_exporter"], "no GPU exporter URL"),
        ("server", "server.", ["vllm"], "no URL"),
    ];

    public static IEnumerable<MissingPart> Of(TargetSummary target, ResourceTimeline timeline)
    {
        var statuses = timeline.Sources.Where(source => source.Target == target.Name).ToArray();
        var isServer = timeline.Servers.Any(server => server.Name == target.Name);
        var isTold = false;
        foreach (var (part, keys, sources, noUrl) in Parts)
        {
            if (Has(target, keys)) continue;
            var reasons = statuses.Where(status => sources.Contains(status.Name)).Select(status => status.Reason ?? "not read in the window").ToList();
            if (isServer && noUrl.Length > 0)
            {
                // A page whose kind nobody knows yet may have had it.
                reasons.AddRange(Unknown(statuses));
                isTold = true;
            }

            if (reasons.Count > 0) yield return new(target.Name, part, string.Join("; ", reasons));
            else if (isServer && noUrl.Length > 0) yield return new(target.Name, part, noUrl);
        }

        if (!isServer || isTold) yield break;
        foreach (var reason in Unknown(statuses)) yield return new(target.Name, "page", reason);
    }

    // Pages that never showed what they are.
    static IEnumerable<string> Unknown(ResourceSourceStatus[] statuses) => statuses.Where(status => status is { Reason: not null, Samples: 0 } && !IsKnown(status.Name)).Select(status => status.Reason!);

    static bool Has(TargetSummary target, string keys) => keys == "gpu."
        ? target.Gpus.Count > 0
        : target.Figures.Keys.Any(key => key.StartsWith(keys, StringComparison.Ordinal)) || target.Totals.Keys.Any(key => key.StartsWith(keys, StringComparison.Ordinal));

    static bool IsKnown(string source) => Parts.Any(part => part.Sources.Contains(source));
}

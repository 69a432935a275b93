namespace Vllm.Resources;

/// <summary>What all sources said at one moment.</summary>
public sealed record ResourceSample
{
    /// <summary>When the sample was put together, a raw timestamp of the probe's clock.</summary>
    public required long Timestamp { get; init; }

    /// <summary>The same moment by the wall clock, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>One per target that gave anything: <c>app</c> first, then the servers in the order of the options.</summary>
    public required IReadOnlyList<TargetSample> Targets { get; init; }

    /// <summary>The sample of a target, or null if it gave nothing.</summary>
    /// <param name="name">Name of the target.</param>
    public TargetSample? this[string name]
    {
        get
        {
            for (var i = 0; i < Targets.Count; i++)
                if (Targets[i].Name == name) return Targets[i];
            return null;
        }
    }
}

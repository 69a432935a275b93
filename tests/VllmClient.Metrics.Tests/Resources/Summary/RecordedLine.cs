using Vllm.Resources;

namespace Vllm.Tests.Resources;

/// <summary>Recordings written by hand; ticks are seconds.</summary>
static class RecordedLine
{
    public static ResourceTimeline Of(
        IEnumerable<(int Second, TargetSample Target)> samples, IReadOnlyList<ResourceSourceStatus>? sources = null, IReadOnlyList<ResourceSourceStatus>? changes = null,
        IReadOnlyList<ResourceServer>? servers = null, int interval = 1)
    {
        var all = samples.ToArray();
        return new(
            [.. all.GroupBy(sample => sample.Second).Select(one => new ResourceSample { Timestamp = one.Key, Time = DateTimeOffset.UnixEpoch, Targets = [.. one.Select(sample => sample.Target)] })],
            sources ?? [.. all.Select(sample => sample.Target.Name).Distinct().Select(name => Status("any", name))],
            changes ?? [], servers ?? [], 1, TimeSpan.FromSeconds(interval));
    }

    public static ResourceSourceStatus Status(string name, string target, ResourceSourceState state = ResourceSourceState.Ok, string? reason = null, long since = 0, long samples = 0) =>
        new() { Name = name, Target = target, State = state, Reason = reason, Since = since, Samples = samples };
}

namespace Vllm.Resources;

/// <summary>When sources that gave figures gave none. Pure.</summary>
static class GapFinder
{
    public static IEnumerable<ResourceGap> Of(ResourceTimeline timeline, Window window, long origin)
    {
        var end = timeline.Samples[^1].Timestamp;
        foreach (var changes in timeline.Changes.GroupBy(change => (change.Target, change.Name)))
        {
            // One that never gave anything is missing as a whole, which is another matter.
            var states = changes.ToArray();
            if (!Array.Exists(states, Gives)) continue;
            for (var i = 0; i < states.Length; i++)
            {
                var state = states[i];
                if (Gives(state) || IsUnread(state)) continue;
                var from = Math.Max(state.Since, window.From);
                var to = Math.Min(i + 1 < states.Length ? states[i + 1].Since : end, window.To);
                if (to > from) yield return new(state.Target, state.Name, state.State, state.Reason, window.SecondsOf(from - origin), window.SecondsOf(to - origin));
            }
        }
    }

    static bool Gives(ResourceSourceStatus status) => status.State is ResourceSourceState.Ok or ResourceSourceState.Stale;

    // Before its first reading a source is absent only because nobody asked.
    static bool IsUnread(ResourceSourceStatus status) => status is { State: ResourceSourceState.Absent, Samples: 0, Failures: 0, LastDuration: null };
}

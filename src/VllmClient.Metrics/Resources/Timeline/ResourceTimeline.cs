namespace Vllm.Resources;

/// <summary>What a recording kept: the samples in order, and how the sources were.</summary>
public sealed class ResourceTimeline
{
    internal ResourceTimeline(
        IReadOnlyList<ResourceSample> samples, IReadOnlyList<ResourceSourceStatus> sources, IReadOnlyList<ResourceSourceStatus> changes,
        IReadOnlyList<ResourceServer> servers, long frequency, TimeSpan interval)
    {
        (Samples, Sources, Changes, Servers, Frequency, Interval) = ([.. samples], sources, [.. changes], servers, frequency, interval);
    }

    /// <summary>The samples, in order of time; at least one.</summary>
    public IReadOnlyList<ResourceSample> Samples { get; }

    /// <summary>How each source was at the end.</summary>
    public IReadOnlyList<ResourceSourceStatus> Sources { get; }

    /// <summary>How each source was at the start, then every change of a state, in order of time: where the gaps come from.</summary>
    public IReadOnlyList<ResourceSourceStatus> Changes { get; }

    internal IReadOnlyList<ResourceServer> Servers { get; }

    internal long Frequency { get; }

    internal TimeSpan Interval { get; }

    /// <summary>Figures of a window of the recording.</summary>
    /// <param name="from">Its start, a raw timestamp of the probe's clock.</param>
    /// <param name="to">Its end, after the start.</param>
    /// <param name="outputTokens">Tokens that the clients counted in the window, for servers that do not tell; null: unknown.</param>
    public ResourceSummary Summarize(long from, long to, long? outputTokens = null) => Summarize(from, to, outputTokens, from);

    /// <summary>The readings as columns, one track for each part of a target and each source of it.</summary>
    /// <param name="origin">The moment that the times count from, a raw timestamp of the probe's clock.</param>
    public IReadOnlyList<ResourceTrack> Tracks(long origin) => TrackBuilder.Of(this, origin);

    internal ResourceSummary Summarize(long from, long to, long? outputTokens, long origin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(to, from);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens ?? 0);
        return SummaryBuilder.Of(this, new(from, to, Frequency, Interval), outputTokens, origin);
    }
}

namespace Vllm.Resources;

/// <summary>Makes columns of the readings of a timeline. Pure.</summary>
static class TrackBuilder
{
    static readonly (string Part, Func<TargetSample, ResourcePart?> Of)[] Parts =
    [
        ("process", target => target.Process),
        ("machine", target => target.Machine),
        ("container", target => target.Container),
        ("server", target => target.Server),
    ];

    public static IReadOnlyList<ResourceTrack> Of(ResourceTimeline timeline, long origin)
    {
        var tracks = new List<ResourceTrack>();
        foreach (var name in timeline.Sources.Select(source => source.Target).Distinct(StringComparer.Ordinal))
        {
            var samples = timeline.Samples.Select(sample => sample[name]).OfType<TargetSample>().ToArray();
            foreach (var (part, of) in Parts)
            {
                var figures = FigureTable.Figures.Where(figure => figure.Key.StartsWith(part + ".", StringComparison.Ordinal)).Select(figure => (figure.Key, figure.Value));
                tracks.AddRange(Tracks(name, part, null, SummaryBuilder.Parts(samples, of), figures));
            }

            foreach (var gpu in SummaryBuilder.GpuReadings(samples)) tracks.AddRange(Tracks(name, "gpu", gpu[0].Id, gpu, FigureTable.Gpu));
        }

        return tracks;

        IEnumerable<ResourceTrack> Tracks<T>(string target, string part, string? gpu, List<T> readings, IEnumerable<(string Key, Func<T, double?> Value)> figures)
            where T : ResourcePart
        {
            foreach (var source in readings.GroupBy(reading => reading.Source))
            {
                var rows = source.ToArray();
                var values = new Dictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal);
                foreach (var (key, value) in figures)
                {
                    var column = Array.ConvertAll(rows, row => value(row) is { } number && double.IsFinite(number) ? number : (double?)null);
                    if (Array.Exists(column, number => number is not null)) values[key] = column;
                }

                yield return new()
                {
                    Target = target,
                    Part = part,
                    Gpu = gpu,
                    Source = source.Key,
                    AtSeconds = Array.ConvertAll(rows, row => Math.Round((double)(row.Timestamp - origin) / timeline.Frequency, 7)),
                    Values = values,
                };
            }
        }
    }
}

namespace Vllm.Resources;

/// <summary>Makes the summary of a window. Pure.</summary>
static class SummaryBuilder
{
    public static ResourceSummary Of(ResourceTimeline timeline, Window window, long? outputTokens, long origin)
    {
        var names = timeline.Sources.Select(source => source.Target).Distinct(StringComparer.Ordinal).ToArray();
        var targets = names.Select(name => Target(name, timeline, window, outputTokens)).ToArray();
        return new()
        {
            WindowSeconds = window.Seconds,
            Targets = [.. targets.Where(target => target.Figures.Count + target.Totals.Count + target.Latencies.Count + target.Gpus.Count > 0)],
            Missing = [.. targets.SelectMany(target => MissingParts.Of(target, timeline))],
            Gaps = [.. GapFinder.Of(timeline, window, origin)],
        };
    }

    static TargetSummary Target(string name, ResourceTimeline timeline, Window window, long? outputTokens)
    {
        var samples = timeline.Samples.Select(sample => sample[name]).OfType<TargetSample>().ToArray();
        var server = timeline.Servers.FirstOrDefault(one => one.Name == name);
        var totals = Totals(samples, window);
        var tokens = totals.TryGetValue("server.generationTokens", out var counted) ? counted.Value : outputTokens is { } clients && server is not null ? clients : (double?)null;
        TokenCountSource? from = counted is not null ? TokenCountSource.Server : tokens is not null ? TokenCountSource.Client : null;
        var servers = Parts(samples, sample => sample.Server);
        return new()
        {
            Name = name,
            Sources = Sources(samples, servers),
            Figures = Figures(samples, window),
            Totals = totals,
            Latencies = Latencies.Of(servers, window),
            Gpus = Gpus(samples, window),
            Energy = EnergyMath.Of(samples, window, tokens, from),
            Cost = server?.PricePerHour is { } price ? Cost(price, server.Currency, window.Seconds, tokens) : null,
            Restarts = servers.Count == 0 ? 0 : servers[^1].Restarts - servers[0].Restarts,
        };
    }

    /// <summary>Price per hour, over the window's seconds and tokens, for a million tokens; null where no decimal holds it.</summary>
    public static CostSummary Cost(decimal price, string currency, double seconds, double? tokens)
    {
        const double most = 1e15;
        return new(tokens is > 0 && (double)price * seconds / tokens < most ? price / 3600m * (decimal)seconds / (decimal)tokens.Value * 1_000_000m : null, currency);
    }

    static Dictionary<string, string> Sources(TargetSample[] samples, List<ServerSample> servers)
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("process", Parts(samples, sample => sample.Process));
        Add("machine", Parts(samples, sample => sample.Machine));
        Add("container", Parts(samples, sample => sample.Container));
        Add("gpu", GpuReadings(samples).SelectMany(gpu => gpu));
        Add("server", servers);
        return sources;

        void Add(string part, IEnumerable<ResourcePart> readings)
        {
            var names = readings.Select(reading => reading.Source).Distinct(StringComparer.Ordinal).ToArray();
            if (names.Length > 0) sources[part] = string.Join('+', names);
        }
    }

    /// <summary>The readings of a part, each once: between two readings of a page, samples show the last one again.</summary>
    public static List<T> Parts<T>(IEnumerable<TargetSample> samples, Func<TargetSample, T?> part)
        where T : ResourcePart
    {
        var parts = new List<T>();
        foreach (var sample in samples)
            if (part(sample) is { } one && (parts.Count == 0 || parts[^1].Timestamp < one.Timestamp)) parts.Add(one);
        return parts;
    }

    static Dictionary<string, ResourceFigure> Figures(TargetSample[] samples, Window window)
    {
        var figures = new Dictionary<string, ResourceFigure>(StringComparer.Ordinal);
        foreach (var spec in FigureTable.Figures)
        {
            var parts = Parts(samples, spec.Part);
            var gauge = parts.ConvertAll(part => new Reading(part.Timestamp, spec.Value(part)));
            Covered? covered = spec.Counter is null ? null : Stretches.Counter(parts.ConvertAll(part => new Reading(part.Timestamp, spec.Counter(part), spec.Whole?.Invoke(part), Life(part))), window);
            if (Figure(gauge, window, covered) is { } figure) figures[spec.Key] = figure;
        }

        return figures;
    }

    static ResourceFigure? Figure(List<Reading> readings, Window window, Covered? counter)
    {
        var (min, max, last, samples) = (double.PositiveInfinity, double.NegativeInfinity, 0.0, 0);
        foreach (var reading in readings)
        {
            if (!window.Holds(reading.Stamp) || reading.Value is not { } value) continue;
            (min, max, last, samples) = (Math.Min(min, value), Math.Max(max, value), value, samples + 1);
        }

        var covered = counter ?? Stretches.Gauge(readings, window);
        double? mean = covered.Whole > 0 ? covered.Sum / covered.Whole : samples > 0 ? last : null;
        if (mean is not { } known) return null;
        // A window between two readings knows nothing but its mean.
        return samples == 0 ? new(known, known, known, known, 0) { IsBroken = covered.IsBroken } : new(min, known, max, last, samples) { IsBroken = covered.IsBroken };
    }

    static Dictionary<string, ResourceTotal> Totals(TargetSample[] samples, Window window)
    {
        var totals = new Dictionary<string, ResourceTotal>(StringComparer.Ordinal);
        foreach (var spec in FigureTable.Totals)
        {
            var covered = Stretches.Counter(Parts(samples, spec.Part).ConvertAll(part => new Reading(part.Timestamp, spec.Value(part), null, Life(part))), window);
            if (covered.CoveredSeconds > 0) totals[spec.Key] = new(covered.Sum, covered.IsBroken);
        }

        return totals;
    }

    static GpuSummary[] Gpus(TargetSample[] samples, Window window) =>
        [.. GpuReadings(samples).Select(gpu => new GpuSummary(gpu[0].Id, gpu[0].Name, FiguresOf(gpu, window)))];

    static Dictionary<string, ResourceFigure> FiguresOf(List<GpuSample> gpu, Window window)
    {
        var figures = new Dictionary<string, ResourceFigure>(StringComparer.Ordinal);
        foreach (var (key, value) in FigureTable.Gpu)
            if (Figure(gpu.ConvertAll(reading => new Reading(reading.Timestamp, value(reading))), window, null) is { } figure) figures[key] = figure;
        return figures;
    }

    /// <summary>The readings of each GPU, in the order in which they were first seen.</summary>
    public static List<List<GpuSample>> GpuReadings(IEnumerable<TargetSample> samples)
    {
        var gpus = new List<List<GpuSample>>();
        foreach (var gpu in samples.SelectMany(sample => sample.Gpus ?? []))
        {
            var readings = gpus.Find(one => one[0].Id == gpu.Id);
            if (readings is null) gpus.Add([gpu]);
            else if (readings[^1].Timestamp < gpu.Timestamp) readings.Add(gpu);
        }

        return gpus;
    }

    static double Life(ResourcePart part) => part switch
    {
        ServerSample server => server.Restarts,
        MachineSample machine => machine.BootSeconds ?? 0,
        _ => 0,
    };
}

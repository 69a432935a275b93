namespace Vllm.Resources;

/// <summary>One reading of a figure.</summary>
/// <param name="Stamp">When.</param>
/// <param name="Value">The gauge or counter; null: not told.</param>
/// <param name="Whole">The counter that it is a share of; null: time.</param>
/// <param name="Life">Changes when the counters begin anew.</param>
readonly record struct Reading(long Stamp, double? Value, double? Whole = null, double Life = 0)
{
    /// <summary>The gauge or counter; one that is no number is not told.</summary>
    public double? Value { get; } = Value is { } number && double.IsFinite(number) ? number : null;
}

/// <summary>What a figure did over a window.</summary>
/// <param name="Sum">Growth of the counter, or the gauge times its seconds.</param>
/// <param name="Whole">Growth of the counter that it is a share of, or the seconds covered.</param>
/// <param name="CoveredSeconds">Seconds covered.</param>
/// <param name="IsBroken">Whether the counter began anew.</param>
readonly record struct Covered(double Sum, double Whole, double CoveredSeconds, bool IsBroken);

/// <summary>Adds up readings over a window, stretch by stretch. Pure.</summary>
static class Stretches
{
    /// <summary>Growth of a counter; between readings it is taken to have grown evenly, and over a new start not at all.</summary>
    public static Covered Counter(IReadOnlyList<Reading> readings, Window window)
    {
        var (sum, whole, covered, broken) = (0.0, 0.0, 0.0, false);
        for (var i = 1; i < readings.Count; i++)
        {
            var (a, b) = (readings[i - 1], readings[i]);
            if (!window.TryCut(a.Stamp, b.Stamp, out var first, out var last) || a.Value is null || b.Value is null) continue;
            var seconds = window.SecondsOf(b.Stamp - a.Stamp);
            if (b.Value < a.Value || b.Whole < a.Whole || Math.Abs(b.Life - a.Life) > 0.5)
            {
                broken = true;
                continue;
            }

            var share = last - first;
            sum += (b.Value - a.Value).Value * share;
            whole += a.Whole is null && b.Whole is null ? seconds * share : ((b.Whole - a.Whole) ?? 0) * share;
            covered += seconds * share;
        }

        return new(sum, whole, covered, broken);
    }

    /// <summary>A gauge times its seconds; between readings it is taken to have moved evenly, unless they are too far apart.</summary>
    public static Covered Gauge(IReadOnlyList<Reading> readings, Window window)
    {
        var (sum, covered) = (0.0, 0.0);
        for (var i = 1; i < readings.Count; i++)
        {
            var (a, b) = (readings[i - 1], readings[i]);
            if (!window.TryCut(a.Stamp, b.Stamp, out var first, out var last) || a.Value is not { } from || b.Value is not { } to) continue;
            var seconds = window.SecondsOf(b.Stamp - a.Stamp);
            if (seconds > window.BridgeSeconds) continue;
            var middle = from + ((to - from) * (first + last) / 2);
            sum += middle * seconds * (last - first);
            covered += seconds * (last - first);
        }

        return new(sum, covered, covered, false);
    }
}

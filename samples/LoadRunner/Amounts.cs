using System.Globalization;

namespace LoadRunnerSample;

/// <summary>Reads the amounts of the command line: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1%</c>.</summary>
static class Amounts
{
    public static TimeSpan Time(string option, string text)
    {
        var unit = text.EndsWith("ms", StringComparison.Ordinal) ? 2 : 1;
        var seconds = text[^Math.Min(unit, text.Length)..] switch
        {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60,
            "h" => 3600,
            _ => 0,
        };
        if (seconds > 0 && double.TryParse(text[..^unit], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && number * seconds < 1e8)
            return TimeSpan.FromSeconds(number * seconds);
        throw new UsageException($"{option} takes a time such as 500ms, 10s, 2m or 1h, not '{text}'.");
    }

    public static double Share(string option, string text)
    {
        if (text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and < 100)
            return percent / 100;
        throw new UsageException($"{option} takes a share such as 1% or 0.5%, not '{text}'.");
    }
}

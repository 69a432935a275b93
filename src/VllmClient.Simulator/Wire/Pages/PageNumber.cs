using System.Globalization;

namespace Vllm.Simulator.Wire;

/// <summary>Numbers as the Python client of Prometheus writes them.</summary>
static class PageNumber
{
    /// <summary>The shortest digits; seven and more before the point become an exponent.</summary>
    public static string Of(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        text = text.AsSpan().ContainsAny('.', 'E') ? text.Replace('E', 'e') : text + ".0";
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point <= 6)
        {
            return text;
        }

        var digits = (text[1..point] + text[(point + 1)..]).TrimEnd('0');
        return $"{text[0]}{(digits.Length == 0 ? string.Empty : "." + digits)}e+0{(point - 1).ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>A moment as seconds since 1970.</summary>
    public static string Of(DateTimeOffset moment) => Of((moment - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerSecond);

    /// <summary>A label's value.</summary>
    public static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}

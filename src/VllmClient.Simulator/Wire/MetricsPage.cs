using System.Globalization;
using System.Text;

namespace Vllm.Simulator.Wire;

/// <summary>The page <c>/metrics</c>: vLLM's series in vLLM's order, filled with the server's figures.</summary>
static class MetricsPage
{
    // A line is a comment, a series with a value of its own, or a series to fill.
    static readonly string[] Lines = Load();

    public static byte[] Render(ServerCounters counters, string model, DateTimeOffset created)
    {
        var text = new StringBuilder(64 * 1024);
        var name = EscapeLabel(model);
        var start = Python(created.ToUnixTimeMilliseconds() / 1000.0);
        var edge = 0;
        foreach (var line in Lines)
        {
            text.Append(line.Replace("$model", name, StringComparison.Ordinal));
            if (line.Length > 0 && line[0] != '#' && !HasValue(line))
            {
                text.Append(' ').Append(Value(line, counters, start, ref edge));
            }

            text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static string Value(string line, ServerCounters counters, string created, ref int edge)
    {
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        var name = brace < 0 ? line : line[..brace];
        if (name.EndsWith("_created", StringComparison.Ordinal))
        {
            edge = 0;
            return created;
        }

        if (Base(name, "_bucket") is { } bucket && counters.Find(bucket) is { } histogram)
        {
            return Python(histogram.Cumulative(edge++));
        }

        if (Base(name, "_count") is { } count && counters.Find(count) is { } counted)
        {
            return Python(counted.Count);
        }

        return Base(name, "_sum") is { } sum && counters.Find(sum) is { } summed
            ? Python(summed.Sum)
            : Python(counters.Value(name, Label(line)));
    }

    static string? Base(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : null;

    /// <summary>The one label that tells series of a name apart.</summary>
    static string? Label(string line)
    {
        foreach (var label in (ReadOnlySpan<string>)["reason", "source", "sleep_state", "finished_reason"])
        {
            var start = line.IndexOf(label + "=\"", StringComparison.Ordinal);
            if (start >= 0 && line[start - 1] is '{' or ',')
            {
                start += label.Length + 2;
                return line[start..line.IndexOf('"', start)];
            }
        }

        return null;
    }

    /// <summary>A float as the Python client of Prometheus prints it: seven digits and more before the point become an exponent.</summary>
    static string Python(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        text = text.AsSpan().ContainsAny('.', 'E') ? text.Replace('E', 'e') : text + ".0";
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point <= 6)
        {
            return text;
        }

        var digits = (text[1..point] + text[(point + 1)..]).TrimEnd('0');
        return $"{text[0]}.{(digits.Length == 0 ? "0" : digits)}e+{(point - 1).ToString("00", CultureInfo.InvariantCulture)}";
    }

    static bool HasValue(string line) => line[^1] != '}';

    static string EscapeLabel(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    static string[] Load()
    {
        using var stream = typeof(MetricsPage).Assembly.GetManifestResourceStream("metrics-page.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
